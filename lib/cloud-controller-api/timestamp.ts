/** The only form of a timestamp Cloud Controller takes (CC §1.1). Ruby's `\Z` lets one line feed follow. */
const FORMAT = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})Z\n?$/;

export function isTimestamp(text: string): boolean {
  return FORMAT.test(text);
}

/**
 * The instant that Ruby's `Time.parse` makes of a well-formed timestamp, in microseconds: 30 February becomes 2 March,
 * 24:00:00 the next day, second 60 the next minute (CC §1.1).
 *
 * @throws RangeError for month 13 and the like, which nothing catches: Cloud Controller answers 500
 */
export function timestampMicros(text: string): number {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] =
    FORMAT.exec(text)?.slice(1).map(Number) ?? [];
  const inRange =
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= 31 &&
    (hour <= 23 || (hour === 24 && minute === 0 && second === 0)) &&
    minute <= 59 &&
    second <= 60;
  if (!inRange) throw new RangeError('argument out of range');
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  return date.getTime() * 1000;
}
