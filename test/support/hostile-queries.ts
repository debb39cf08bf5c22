import fc from 'fast-check';
import type { EventRow } from '../../lib/domain/columns.ts';
import type { EventQuery } from '../../lib/domain/event-query.ts';
import { SEES_ALL, type Visibility } from '../../lib/domain/visibility.ts';
import { anEventQuery } from './event-queries.ts';
import { anEventRow } from './event-rows.ts';

const BEGIN = Date.parse('2026-03-01T00:00:00Z');
const DAYS = 5;
const DAY_MS = 86_400_000;

/** What breaks SQL that is put together by hand, patterns that are not escaped, and letters whose case is special. */
const ODD_TEXTS = [
  "'",
  "''",
  "' OR 1=1 --",
  '"',
  '\\',
  '\\%',
  '%',
  '_',
  '100%_sure',
  '--',
  ';',
  'a;DROP TABLE t',
  '?',
  '$1',
  'a\u0000b',
  'line\nbreak',
  'tab\t',
  'a\u2028b',
  '🦊',
  'e\u0301',
  'É',
  'é',
  'ß',
  'İ',
  'ΑΣ',
  'ας',
  'Ǆ',
  ' ',
  'null',
  'NULL',
  'audit',
  '{"a":1}',
  'x'.repeat(1024),
] as const;

const GUIDS = Array.from(
  { length: 4 },
  (_, index) => `00000000-0000-4000-8000-00000000ab0${index}`,
);
const TYPES = ['audit.app.update', 'audit.app.create', 'audit.appx.update', 'app.crash', 'a_b.c'];

const oddText = fc.constantFrom(...ODD_TEXTS);
const text = fc
  .oneof(
    { weight: 4, arbitrary: oddText },
    { weight: 2, arbitrary: fc.constantFrom('Checkout', 'checkout', 'shop', 'pay') },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }) },
    { weight: 1, arbitrary: fc.tuple(oddText, oddText).map((two) => two.join('')) },
  )
  .map((each) => each.toWellFormed().slice(0, 1024).toWellFormed());
const name = fc.option(fc.oneof(text, fc.constant('')), { nil: null });
const guid = fc.option(fc.oneof(fc.constantFrom(...GUIDS), text), { nil: null });

/** Rows of five days that share few values, so that questions find some of them. */
export const hostileRows: fc.Arbitrary<EventRow> = fc
  .record({
    at: fc.integer({ min: 0, max: DAYS * 96 - 1 }),
    type: fc.option(fc.oneof(fc.constantFrom(...TYPES), text), { nil: null }),
    actor_guid: guid,
    actor_type: name,
    actor_name: name,
    target_guid: guid,
    target_type: name,
    target_name: name,
    space_guid: guid,
    space_name: name,
    organization_guid: guid,
    organization_name: name,
    data: fc.option(
      fc.oneof(text, fc.constant('')).map((each) => JSON.stringify({ a: each })),
      {
        nil: null,
      },
    ),
  })
  .map(({ at, ...row }) =>
    anEventRow({ ...row, created_at: new Date(BEGIN + at * (DAY_MS / 96)) }),
  );

const pattern = fc
  .oneof(
    text,
    fc.constantFrom(...GUIDS),
    fc.constantFrom(...GUIDS.map((each) => each.toUpperCase())),
    text.map((each) => `${each.slice(0, 1000)}*`),
    text.map((each) => `*${each.slice(0, 1000)}`),
    fc.tuple(text, text).map(([a, b]) => `${a.slice(0, 500)}*${b.slice(0, 500)}`),
    fc.constantFrom('*', '**', '*a*'),
  )
  .map((each) => each.toWellFormed());

const some = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> =>
  fc.oneof(
    { weight: 5, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(arbitrary, { minLength: 1, maxLength: 3 }) },
  );

const withoutStar = text.map((each) => each.replaceAll('*', 'x'));
const type = fc.oneof(
  fc.constantFrom(...TYPES, 'audit.app.*', 'a_b.*', 'audit.*', '%.*'),
  withoutStar,
);

const FILLER = Array.from(
  { length: 120 },
  (_, index) => `10000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
);
const visibleGuids = fc
  .tuple(
    fc.uniqueArray(fc.oneof(fc.constantFrom(...GUIDS), oddText), { maxLength: 3 }),
    // With these a list is longer than what an engine is given value by value.
    fc.constantFrom([], [], [], [], [], FILLER),
  )
  .map(([some, filler]) => [...some, ...filler].sort());

/** What somebody may see: nothing, a little, or a long list; now and then all. */
export const hostileVisibilities: fc.Arbitrary<Visibility> = fc.oneof(
  { weight: 1, arbitrary: fc.constant(SEES_ALL) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('scoped' as const),
      spaces: visibleGuids,
      organizations: visibleGuids,
    }),
  },
);

/** Questions about those five days; nearly every one has a filter or two. */
export const hostileQueries: fc.Arbitrary<EventQuery> = fc
  .record({
    from: fc.integer({ min: 0, max: DAYS * 96 - 1 }),
    length: fc.integer({ min: 1, max: DAYS * 96 }),
    order: fc.constantFrom('newest' as const, 'oldest' as const),
    limit: fc.constantFrom(1, 7, 5000),
    types: some(type),
    notTypes: some(type),
    actors: some(pattern),
    actorTypes: some(text),
    targets: some(pattern),
    notTargets: some(pattern),
    targetTypes: some(text),
    spaces: some(pattern),
    organizations: some(pattern),
    texts: some(text),
  })
  .map(({ from, length, ...filter }) =>
    anEventQuery({
      ...filter,
      from: new Date(BEGIN + from * (DAY_MS / 96)),
      to: new Date(BEGIN + Math.min(from + length, DAYS * 96) * (DAY_MS / 96)),
      columns: ['guid'],
    }),
  );
