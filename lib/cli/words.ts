const numbers = new Intl.NumberFormat('en-US');

/** `1,234,567` */
export const countText = (count: number): string => numbers.format(count);

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** `4.1 MB`: decimal units, at most three digits. */
export function bytesText(bytes: number): string {
  let amount = bytes;
  let unit = 0;
  while (amount >= 1000 && unit < UNITS.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  return `${unit === 0 || amount >= 100 ? Math.round(amount) : amount.toFixed(1)} ${UNITS[unit]}`;
}

/** `1 day`, `3 days` */
export const plural = (count: number, word: string, many = `${word}s`): string =>
  `${countText(count)} ${count === 1 ? word : many}`;
