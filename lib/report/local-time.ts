/** Making a formatter costs more than a thousand uses of it. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(timeZone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      timeZoneName: 'longOffset',
    });
    formatters.set(timeZone, formatter);
  }
  return formatter;
}

/** Parts of an instant in a time zone; `offset` such as `+01:00`. */
function localParts(instant: Date, timeZone: string) {
  const parts = new Map(
    formatterOf(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );
  const of = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  return {
    day: `${of('year').padStart(4, '0')}-${of('month')}-${of('day')}`,
    time: `${of('hour')}:${of('minute')}:${of('second')}`,
    offset: of('timeZoneName').replace('GMT', '').slice(0, 6) || '+00:00',
  };
}

/**
 * An instant as `cf events` shows it: Go's layout `2006-01-02T15:04:05.00-0700`, in a time zone. Cloud Controller has whole seconds only, so the fraction is always `.00`.
 *
 * @param timeZone - IANA name
 */
export function cfEventsTime(instant: Date, timeZone: string): string {
  const { day, time, offset } = localParts(instant, timeZone);
  return `${day}T${time}.00${offset.replace(':', '')}`;
}

/**
 * An instant in a time zone, to the second, in a form in which it can be asked for again: `2026-03-10T09:00:00+01:00`.
 *
 * @param timeZone - IANA name
 */
export function localSecondText(instant: Date, timeZone: string): string {
  const { day, time, offset } = localParts(instant, timeZone);
  return `${day}T${time}${offset}`;
}
