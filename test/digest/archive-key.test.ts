import { describe, expect, it } from '@jest/globals';
import { parseArchiveKey } from '../../lib/domain/archive-key.ts';

describe('parseArchiveKey', () => {
  it.each([
    ['events/v1/foundation=eu-1/dt=2026-03-01/part-0000.parquet', { kind: 'part', revision: 0 }],
    [
      'events/v1/foundation=eu-1/dt=2026-03-01/part-12345.parquet',
      { kind: 'part', revision: 12345 },
    ],
    ['manifests/v1/foundation=eu-1/dt=2026-03-01/r0012.json', { kind: 'manifest', revision: 12 }],
    ['runs/v1/foundation=eu-1/dt=2026-03-01/2026-03-01T23:59:59.999Z-0af9.json', { kind: 'run' }],
    [
      'queries/v1/foundation=eu-1/dt=2026-03-01/2026-03-01T23:59:59.999Z-0af9.json',
      { kind: 'question', id: '2026-03-01T23:59:59.999Z-0af9' },
    ],
    [
      'queries/v1/days/foundation=eu-1/dt=2026-03-01/part-0001.parquet',
      { kind: 'question-day', revision: 1 },
    ],
    ['digests/v1/foundation=eu-1/2026-03-01.json', { kind: 'digest' }],
    ['digests/v1/foundation=eu-1/2026-03-01.jws', { kind: 'signature' }],
  ])('reads %s', (key, expected) => {
    expect(parseArchiveKey(key)).toMatchObject({
      foundation: 'eu-1',
      day: '2026-03-01',
      ...expected,
    });
  });

  it.each([
    'events/v1/foundation=eu-1/dt=2026-03-01/part-00000.parquet',
    'events/v1/foundation=eu-1/dt=2026-03-01/part-000.parquet',
    'events/v1/foundation=EU/dt=2026-03-01/part-0000.parquet',
    'events/v1/foundation=eu-1/dt=2026-02-29/part-0000.parquet',
    'x/events/v1/foundation=eu-1/dt=2026-03-01/part-0000.parquet',
    'manifests/v1/foundation=eu-1/dt=2026-03-01/r0000.json/',
    'manifests/v1/foundation=eu-1/dt=2026-03-01/r0000.json\n',
    'runs/v1/foundation=eu-1/dt=2026-03-02/2026-03-01T23:59:59.999Z-0af9.json',
    'runs/v1/foundation=eu-1/dt=2026-03-01/2026-03-01T23:59:59Z-0af9.json',
    'runs/v1/foundation=eu-1/dt=2026-03-01/2026-03-01T25:00:00.000Z-0af9.json',
    'runs/v1/foundation=eu-1/dt=2026-03-01/2026-03-01T23:59:59.999Z-XYZ.json',
    'runs/v1/foundation=eu-1/dt=2026-03-01/2026-03-01T23:59:59.999Z-.json',
    'queries/v1/foundation=eu-1/dt=2026-03-02/2026-03-01T23:59:59.999Z-0af9.json',
    'queries/v1/foundation=eu-1/dt=2026-03-01/2026-03-01T23:59:59.999Z-.json',
    'queries/v1/foundation=eu-1/dt=2026-03-01/2026-03-01T24:00:00.000Z-0a.json',
    'queries/v1/foundation=EU/dt=2026-03-01/2026-03-01T23:59:59.999Z-0a.json',
    'queries/v1/foundation=eu-1/dt=2026-03-01/part-0000.parquet',
    'queries/v1/days/foundation=eu-1/dt=2026-02-30/part-0000.parquet',
    'queries/v1/days/foundation=eu-1/dt=2026-03-01/part-00000.parquet',
    'queries/v1/days/foundation=eu-1/dt=2026-03-01/2026-03-01T23:59:59.999Z-0a.json',
    'digests/v1/foundation=eu-1/2026-3-1.json',
    'digests/v1/foundation=eu-1/2026-13-01.json',
    'digests/v1/foundation=eu-1/2026-03-01.txt',
    'digests/v1/foundation=eu-1/dt=2026-03-01/2026-03-01.json',
    'digests/v2/foundation=eu-1/2026-03-01.json',
    '',
  ])('knows nothing of %j', (key) => {
    expect(parseArchiveKey(key)).toBeUndefined();
  });
});
