import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dayOf, daySchema } from '../../lib/domain/day.ts';
import { FOUNDATION_NAME_PATTERN, foundationNameSchema } from '../../lib/domain/foundation.ts';
import {
  digestKey,
  digestSignatureKey,
  eventsPrefix,
  manifestKey,
  manifestsPrefix,
  parseRevisionKey,
  partKey,
  runReportKey,
  runsPrefix,
} from '../../lib/domain/object-keys.ts';

const FOUNDATION = foundationNameSchema.parse('eu-1');
const DAY = daySchema.parse('2026-03-01');

const anyFoundation = fc
  .stringMatching(FOUNDATION_NAME_PATTERN)
  .map((name) => foundationNameSchema.parse(name));
const anyDay = fc
  .date({ min: new Date('2015-01-01'), max: new Date('2999-12-31'), noInvalidDate: true })
  .map(dayOf);

describe('partKey and manifestKey', () => {
  it('are as other tools expect them', () => {
    expect(partKey(FOUNDATION, DAY, 0)).toBe(
      'events/v1/foundation=eu-1/dt=2026-03-01/part-0000.parquet',
    );
    expect(manifestKey(FOUNDATION, DAY, 12)).toBe(
      'manifests/v1/foundation=eu-1/dt=2026-03-01/r0012.json',
    );
  });

  it('lie below their prefixes', () => {
    expect(partKey(FOUNDATION, DAY, 1).startsWith(eventsPrefix(FOUNDATION))).toBe(true);
    expect(manifestKey(FOUNDATION, DAY, 1).startsWith(manifestsPrefix(FOUNDATION))).toBe(true);
  });

  it('go on after revision 9999', () => {
    expect(partKey(FOUNDATION, DAY, 10_000)).toContain('/part-10000.parquet');
  });
});

describe('parseRevisionKey', () => {
  it('reads back every key that is written', () => {
    fc.assert(
      fc.property(anyFoundation, anyDay, fc.nat(20_000), (foundation, day, revision) => {
        const known = { foundation, day, revision };

        expect(parseRevisionKey(partKey(foundation, day, revision))).toEqual({
          kind: 'part',
          ...known,
        });
        expect(parseRevisionKey(manifestKey(foundation, day, revision))).toEqual({
          kind: 'manifest',
          ...known,
        });
      }),
    );
  });

  it.each([
    '',
    'events/v1/foundation=eu-1/dt=2026-03-01/',
    'events/v1/foundation=eu-1/dt=2026-03-01/part-000.parquet',
    'events/v1/foundation=eu-1/dt=2026-03-01/part-0000.parquet.tmp',
    'events/v1/foundation=eu-1/dt=2026-03-01/part-0000.json',
    'events/v1/foundation=eu-1/dt=2026-03-01/r0000.json',
    'events/v1/foundation=eu-1/dt=2026-02-30/part-0000.parquet',
    'events/v1/foundation=EU/dt=2026-03-01/part-0000.parquet',
    'events/v1/foundation=-eu/dt=2026-03-01/part-0000.parquet',
    'events/v1/foundation=/dt=2026-03-01/part-0000.parquet',
    'events/v1/foundation=eu-1/dt=2026-03-01/x/part-0000.parquet',
    'events/v1/foundation=eu-1/dt=2026-03-01/part--001.parquet',
    'events/v1/foundation=eu-1/dt=2026-03-01/part-0000.parquet\n',
    'events/v2/foundation=eu-1/dt=2026-03-01/part-0000.parquet',
    'x/events/v1/foundation=eu-1/dt=2026-03-01/part-0000.parquet',
    'manifests/v1/foundation=eu-1/dt=2026-03-01/part-0000.parquet',
    'manifests/v1/foundation=eu-1/dt=2026-03-01/r000.json',
    'runs/v1/foundation=eu-1/dt=2026-03-01/2026-03-01T00:00:00.000Z-ab.json',
    'digests/v1/foundation=eu-1/2026-03-01.json',
  ])('knows nothing of %j', (key) => {
    expect(parseRevisionKey(key)).toBeUndefined();
  });
});

describe('runReportKey, digestKey and digestSignatureKey', () => {
  it('are as other tools expect them', () => {
    const startedAt = new Date('2026-03-02T06:00:00.123Z');

    expect(runReportKey(FOUNDATION, startedAt, 'c0ffee')).toBe(
      `${runsPrefix(FOUNDATION)}dt=2026-03-02/2026-03-02T06:00:00.123Z-c0ffee.json`,
    );
    expect(digestKey(FOUNDATION, DAY)).toBe('digests/v1/foundation=eu-1/2026-03-01.json');
    expect(digestSignatureKey(FOUNDATION, DAY)).toBe('digests/v1/foundation=eu-1/2026-03-01.jws');
  });
});
