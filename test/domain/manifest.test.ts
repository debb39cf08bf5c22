import { describe, expect, it } from '@jest/globals';
import { daySchema } from '../../lib/domain/day.ts';
import { foundationNameSchema } from '../../lib/domain/foundation.ts';
import {
  MANIFEST_FORMAT,
  type Manifest,
  manifestBytes,
  manifestSchema,
} from '../../lib/domain/manifest.ts';

const HASH = 'ab'.repeat(32);

const aManifest = (over: Record<string, unknown> = {}): Manifest =>
  ({
    format: MANIFEST_FORMAT,
    foundation: foundationNameSchema.parse('eu-1'),
    api: 'https://api.example.org',
    dt: daySchema.parse('2026-03-01'),
    revision: 0,
    status: 'closed',
    window: { from: '2026-03-01T00:00:00.000Z', to: '2026-03-02T00:00:00.000Z' },
    requests: [
      {
        from: '2026-03-01T00:00:00.000Z',
        to: '2026-03-02T00:00:00.000Z',
        page: 1,
        total_results: 2,
        rows_kept: 2,
      },
    ],
    events: 2,
    events_by_type: { 'audit.app.start': 1, '': 1 },
    misplaced: 0,
    unrepresentable: 0,
    part: {
      key: 'events/v1/foundation=eu-1/dt=2026-03-01/part-0000.parquet',
      bytes: 4_000,
      sha256: HASH,
      rows: 2,
      min_created_at: '2026-03-01T12:00:00.000Z',
      max_created_at: null,
    },
    cumulative: { events: 2, guid_digest: HASH },
    settle_seconds: 14_400,
    tool: 'cf-audit-archive/0.1.0',
    started_at: '2026-03-02T04:00:00.000Z',
    finished_at: '2026-03-02T04:00:01.000Z',
    ...over,
  }) as Manifest;

describe('manifestSchema', () => {
  it('reads back what manifestBytes writes', () => {
    const manifest = aManifest();

    const text = new TextDecoder().decode(manifestBytes(manifest));

    expect(manifestSchema.parse(JSON.parse(text))).toEqual(manifest);
  });

  it.each(['__proto__', 'constructor', 'audit.app.start'])('keeps the count of type %s', (type) => {
    const bytes = manifestBytes(aManifest({ events_by_type: Object.fromEntries([[type, 2]]) }));

    const manifest = manifestSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));

    expect(Object.entries(manifest.events_by_type)).toEqual([[type, 2]]);
    expect(manifestBytes(manifest)).toEqual(bytes);
  });

  it.each(['closed', 'partial', 'empty', 'supplement', 'adopted'])(
    'knows the status %s',
    (status) => {
      expect(manifestSchema.safeParse(aManifest({ status })).success).toBe(true);
    },
  );

  it('takes a revision without a part', () => {
    expect(manifestSchema.safeParse(aManifest({ part: null, events: 0 })).success).toBe(true);
  });

  it.each([
    ['another format', { format: 'cf-audit-archive/manifest/v2' }],
    ['an unknown status', { status: 'open' }],
    ['a foundation that is no partition value', { foundation: 'EU 1' }],
    ['a day that no calendar has', { dt: '2026-02-30' }],
    ['a revision below zero', { revision: -1 }],
    ['a fraction of an event', { events: 1.5 }],
    ['a hash in capitals', { cumulative: { events: 2, guid_digest: HASH.toUpperCase() } }],
    ['a hash that is too short', { cumulative: { events: 2, guid_digest: 'ab' } }],
    ['an instant with an offset', { started_at: '2026-03-02T05:00:00+01:00' }],
    ['no list of requests', { requests: undefined }],
    ['a type without a count', { events_by_type: { 'audit.app.start': null } }],
    ['fewer than no events of a type', { events_by_type: { 'audit.app.start': -1 } }],
    ['a list of types', { events_by_type: [2] }],
    ['no types', { events_by_type: null }],
    ['no part, not even null', { part: undefined }],
    ['an API that is no URL', { api: 'api.example.org' }],
  ])('refuses %s', (_, over) => {
    expect(manifestSchema.safeParse(aManifest(over)).success).toBe(false);
  });
});

describe('manifestBytes', () => {
  it('are the same for the same manifest, indented, with a line end', () => {
    const bytes = manifestBytes(aManifest());

    expect(bytes).toEqual(manifestBytes(aManifest()));
    expect(new TextDecoder().decode(bytes)).toMatch(/^\{\n {2}"format": .*\n\}\n$/s);
  });
});
