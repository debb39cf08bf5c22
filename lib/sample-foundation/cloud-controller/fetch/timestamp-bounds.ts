import type { ParamValue } from '../../../cloud-controller-api/query-string.ts';
import { rubyText } from '../../../cloud-controller-api/ruby-text.ts';
import { timestampMicros } from '../../../cloud-controller-api/timestamp.ts';
import type { Condition } from './dataset.ts';

/**
 * What `gt`, `lte` and equality add to the given second: the float 0.999999 is a hair less than that, and reaches SQL as
 * .999998 (CC §1.2). So the last microsecond of a second is on the wrong side of these three.
 */
const LAST_MICROS = 999_998;

/** SQL for `created_ats` or `updated_ats`. @throws what `timestampMicros` throws; TypeError for a parameter without `=` */
export function timestampConditions(column: string, value: ParamValue): Condition[] {
  if (value instanceof Map) {
    return [...value].map(([operator, text]) => relation(column, operator, rubyText(text)));
  }
  if (!Array.isArray(value)) throw new TypeError('A timestamp filter without a value.');
  const seconds = value.map((text) => timestampMicros(rubyText(text)));
  return [
    {
      sql: `(${seconds.map(() => `(${column} <= ? AND ${column} >= ?)`).join(' OR ')})`,
      values: seconds.flatMap((second) => [second + LAST_MICROS, second]),
    },
  ];
}

function relation(column: string, operator: string, text: string): Condition {
  const second = timestampMicros(text);
  switch (operator) {
    case 'lt':
      return { sql: `${column} < ?`, values: [second] };
    case 'lte':
      return { sql: `${column} <= ?`, values: [second + LAST_MICROS] };
    case 'gt':
      return { sql: `${column} > ?`, values: [second + LAST_MICROS] };
    case 'gte':
      return { sql: `${column} >= ?`, values: [second] };
    default:
      throw new RangeError(`No operator: ${operator}`);
  }
}
