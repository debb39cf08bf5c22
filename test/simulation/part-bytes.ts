import { createHash } from 'node:crypto';
import type { GuidSet, PartFile } from '../../lib/archive/ports.ts';
import { ArchiveError } from '../../lib/domain/errors.ts';
import type { Window } from '../../lib/domain/window.ts';

/** A row of a simulated part; parts are JSON text here, one row a line. */
export interface PartRow {
  readonly guid: string;
  /** Milliseconds; whole seconds, as the source shows them. */
  readonly created_at: number;
  readonly type: string;
  readonly data: string;
  readonly collected_at: number;
}

export const partBytes = (rows: readonly PartRow[]): Uint8Array =>
  new TextEncoder().encode(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));

const parsed = new WeakMap<Uint8Array, readonly PartRow[]>();

export function partRows(bytes: Uint8Array): readonly PartRow[] {
  const known = parsed.get(bytes);
  if (known) return known;
  const rows = new TextDecoder()
    .decode(bytes)
    .split('\n')
    .filter((line) => line !== '')
    .map((line): PartRow => JSON.parse(line));
  parsed.set(bytes, rows);
  return rows;
}

const sha256 = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');

export function guidSetOf(guids: Iterable<string>): GuidSet {
  const distinct = [...new Set(guids)].sort();
  return {
    events: distinct.length,
    guidDigest: sha256(distinct.map((guid) => `${guid}\n`).join('')),
  };
}

/** What a part says of itself, as the real reader tells it. */
export function describePartBytes(file: string, bytes: Uint8Array, day: Window): PartFile {
  const rows = partRows(bytes);
  const set = guidSetOf(rows.map(({ guid }) => guid));
  if (set.events !== rows.length) {
    throw new ArchiveError('PART_INVALID', `${file} has an event twice`);
  }
  const instants = rows.map((row) => row.created_at);
  const eventsByType: Record<string, number> = {};
  for (const { type } of rows) eventsByType[type] = (eventsByType[type] ?? 0) + 1;
  const bounds = rows.length === 0 ? undefined : [Math.min(...instants), Math.max(...instants)];
  return {
    ...set,
    file,
    bytes: bytes.byteLength,
    sha256: sha256(bytes),
    eventsByType,
    minCreatedAt: bounds && new Date(bounds[0] ?? 0),
    maxCreatedAt: bounds && new Date(bounds[1] ?? 0),
    misplaced: instants.filter((at) => at < day.from.getTime() || at >= day.to.getTime()).length,
    unrepresentable: 0,
    unrepresentableGuids: [],
  };
}
