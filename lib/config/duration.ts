const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60 * 1000,
  h: 60 * 60 * 1000,
  d: 24 * 60 * 60 * 1000,
};

/** How to write a duration, for messages. */
export const DURATION_FORM = 'a whole number and s, m, h or d, such as 4h';

/** `90s`, `15m`, `4h`, `7d` in milliseconds; undefined for anything else, also for signs, fractions, blanks and `1h30m`. */
export function parseDuration(text: string): number | undefined {
  const [, digits, unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const unitMs = UNIT_MS[unit];
  return digits === undefined || unitMs === undefined ? undefined : Number(digits) * unitMs;
}
