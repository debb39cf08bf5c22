import { ArchiveError } from '../domain/errors.ts';
import { option, worded } from '../domain/wording.ts';
import type { ListedPart } from './ports.ts';

const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB'];

function sizeText(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const size = bytes / 1000 ** power;
  return `${power === 0 ? size : size.toFixed(1)} ${UNITS[power]}`;
}

/**
 * Refuse a question before it costs money.
 *
 * The estimate is all bytes of all parts of the asked days: engines read small parts whole, and skip much of larger ones, so it is never too low.
 *
 * @param maxBytes - undefined: no cap
 * @throws ArchiveError QUERY_TOO_LARGE
 */
export function guardCost(parts: readonly ListedPart[], maxBytes: number | undefined): void {
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  if (maxBytes === undefined || bytes <= maxBytes) return;
  const days = new Set(parts.map(({ dt }) => dt)).size;
  throw new ArchiveError('QUERY_TOO_LARGE', [
    worded`this question may read ${sizeText(bytes)} of ${String(days)} days, and max_scan allows ${sizeText(maxBytes)}: ask for fewer days (${option('from')}, ${option('to')}, ${option('last')}) or one ${option('foundation')}, or raise max_scan in the configuration`,
  ]);
}
