import { plural } from '../lib/cli/words.ts';
import { HOUR_MS } from '../lib/domain/instant.ts';

/** `20 hours`, `2 days`: whole hours below two days, then whole days, rounded up. */
export function durationWords(ms: number): string {
  const hours = Math.ceil(ms / HOUR_MS);
  return hours < 48 ? plural(hours, 'hour') : plural(Math.ceil(hours / 24), 'day');
}
