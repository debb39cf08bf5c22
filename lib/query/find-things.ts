import type { ColumnName } from '../domain/columns.ts';
import type { Coverage } from '../domain/coverage.ts';
import { type ExactCondition, eventQuerySchema } from '../domain/event-query.ts';
import type { FoundationName } from '../domain/foundation.ts';
import { earlierOf, laterOf } from '../domain/instant.ts';
import type { GroupMemory } from './group-memory.ts';
import { horizonOf } from './horizon.ts';
import type { EventGroup } from './ports.ts';
import { type SearchContext, survey } from './search-events.ts';

export type ThingKind = 'app' | 'space' | 'organization';

/** An app, a space or an organization as the events tell of it, whether it still exists or not. */
export interface Thing {
  readonly guid: string;
  /** The asked name that it last had, else its last name; the GUID when no event tells one. */
  readonly name: string;
  /** GUID of its space; null for spaces and organizations. */
  readonly space: string | null;
  /** GUID of its organization; null for organizations. */
  readonly organization: string | null;
  /** Instants of its oldest and its newest event. */
  readonly first: Date;
  readonly last: Date;
}

/** Undefined: any. */
export interface ThingFilter {
  /** Compared letter for letter; any name that it ever had counts. */
  readonly names?: readonly string[] | undefined;
  readonly guids?: readonly string[] | undefined;
  readonly spaces?: readonly string[] | undefined;
  readonly organizations?: readonly string[] | undefined;
}

export interface FoundThings {
  /** Newest first: by the last event under the name, then by GUID. */
  readonly things: readonly Thing[];
  /** Of every day that the archive knows: where one is missing, so may be things that only it tells of. */
  readonly coverage: Coverage;
}

/** Columns that tell of a kind of thing: its GUID, a name, its space, its organization. */
type Source = readonly [guid: ColumnName, name: ColumnName, space: ColumnName | null];

const SOURCES: Readonly<Record<ThingKind, readonly Source[]>> = {
  app: [['target_guid', 'target_name', 'space_guid']],
  // The names beside an event are looked up while it is read; what was gone by then is still named by the event that it is the target of.
  space: [
    ['space_guid', 'space_name', null],
    ['target_guid', 'target_name', null],
  ],
  organization: [
    ['organization_guid', 'organization_name', null],
    ['target_guid', 'target_name', null],
  ],
};

/**
 * The apps, spaces or organizations that the events one may see tell of.
 *
 * @throws ArchiveError as `searchEvents` does
 */
export async function findThings(
  context: SearchContext,
  memory: GroupMemory,
  foundation: FoundationName,
  kind: ThingKind,
  filter: ThingFilter = {},
): Promise<FoundThings> {
  const base = { foundations: [foundation], ...(await horizonOf(context, [foundation])) };
  const { coverage, parts } = await survey(context, eventQuerySchema.parse(base));
  // What is to be one of no values need not be looked for.
  if (Object.values(filter).some((values) => values?.length === 0)) {
    return { things: [], coverage };
  }
  const sightings: Thing[] = [];
  for (const source of SOURCES[kind]) {
    const query = eventQuerySchema.parse({ ...base, exactly: conditions(kind, source, filter) });
    const by = columnsOf(source);
    const groups = await memory.groups(context, query, parts, by);
    sightings.push(...groups.map((group) => sighting(kind, group)));
  }
  return { things: merged(sightings, filter.names), coverage };
}

const columnsOf = ([guid, name, space]: Source): ColumnName[] => [
  guid,
  name,
  'organization_guid',
  ...(space === null ? [] : [space]),
];

function conditions(
  kind: ThingKind,
  [guid, name]: Source,
  { names, guids, spaces, organizations }: ThingFilter,
): ExactCondition[] {
  const isIn = (column: ColumnName, values: readonly string[] | undefined): ExactCondition[] =>
    values === undefined ? [] : [{ column, values: [...values], not: false }];
  return [
    { column: guid, values: [''], not: true },
    ...(guid === 'target_guid' ? isIn('target_type', [kind]) : []),
    ...isIn(guid, guids),
    // A name beside an event may be missing from it, and is then known from another one.
    ...(kind === 'app' ? isIn(name, names) : []),
    ...isIn('space_guid', kind === 'app' ? spaces : undefined),
    ...isIn('organization_guid', kind === 'organization' ? undefined : organizations),
  ];
}

const sighting = (kind: ThingKind, { key, first, last }: EventGroup): Thing => {
  const [guid = null, name = null, organization = null, space = null] = key;
  return {
    guid: guid ?? '',
    name: name ?? '',
    space,
    organization: kind === 'organization' ? null : organization,
    first,
    last,
  };
};

/** Sightings of one GUID are one thing, under the name of the newest sighting that has one (of the asked names, when some are asked). */
function merged(sightings: readonly Thing[], names: readonly string[] | undefined): Thing[] {
  const asked = names && new Set(names);
  const things = [...Map.groupBy(sightings, ({ guid }) => guid)].flatMap(([guid, seen]) => {
    const newest = seen.toSorted((a, b) => b.last.getTime() - a.last.getTime());
    const named = newest.find(({ name }) => (asked ? asked.has(name) : name !== ''));
    const own = named ?? newest[0];
    if (own === undefined || (asked && named === undefined)) return [];
    const placed = newest.find(({ organization }) => organization !== null);
    return [
      {
        thing: {
          guid,
          name: own.name === '' ? guid : own.name,
          space: own.space,
          organization: placed?.organization ?? null,
          first: seen.map(({ first }) => first).reduce(earlierOf),
          last: seen.map(({ last }) => last).reduce(laterOf),
        },
        under: own.last.getTime(),
      },
    ];
  });
  return things
    .sort((a, b) => b.under - a.under || (a.thing.guid < b.thing.guid ? -1 : 1))
    .map(({ thing }) => thing);
}
