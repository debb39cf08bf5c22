/** Keys of an event's `data` that `cf events` shows, in its order. */
export const SHOWN_KEYS = [
  'index',
  'reason',
  'cell_id',
  'instance',
  'exit_description',
  'exit_status',
  'recursive',
  'disk_quota',
  'instances',
  'memory',
  'state',
  'command',
  'environment_json',
] as const;

type Members = Readonly<Record<string, unknown>>;

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The column `description` of `cf events`: `index: 0, reason: CRASHED, exit_status: 137`.
 *
 * The keys are looked up in `data.request` where `data` has such a key, else in `data`; absent and null ones are skipped, all others ignored. Where `request` is neither object nor null (it makes cf panic) there is no description.
 *
 * @param data - JSON text of the event's `data`
 */
export function appEventDescription(data: string | null): string {
  const members = membersToShow(data);
  return SHOWN_KEYS.flatMap((key) => {
    const value = Object.hasOwn(members, key) ? members[key] : undefined;
    return value === undefined || value === null ? [] : [`${key}: ${valueText(value)}`];
  }).join(', ');
}

function membersToShow(data: string | null): Members {
  const parsed = parse(data);
  if (!isMembers(parsed)) return {};
  if (!Object.hasOwn(parsed, 'request')) return parsed;
  return isMembers(parsed.request) ? parsed.request : {};
}

function parse(data: string | null): unknown {
  try {
    return data === null ? null : JSON.parse(data);
  } catch {
    return null;
  }
}

function valueText(value: unknown): string {
  return typeof value === 'boolean' ? String(value) : goText(value);
}

/** What Go's `%s` makes of a decoded JSON value: `map[a:1 b:x]` with sorted keys, `[1 x]`, and its complaint about a boolean inside. */
function goText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return plainDecimal(value);
  if (typeof value === 'boolean') return `%!s(bool=${value})`;
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (isMembers(value)) {
    const keys = Object.keys(value).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    return `map[${keys.map((key) => `${key}:${goText(value[key])}`).join(' ')}]`;
  }
  return '<nil>';
}

/** The shortest decimal that is this number, never with an exponent: Go's `strconv.FormatFloat(value, 'f', -1, 64)`. */
export function plainDecimal(value: number): string {
  if (Object.is(value, -0)) return '-0';
  const [, sign = '', whole = '', fraction = '', exponent] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)) ?? [];
  if (exponent === undefined) return String(value);
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return sign + digits.padEnd(point, '0');
}
