import type { ListMessage } from '../../../cloud-controller-api/list-message.ts';
import type { ParamValue } from '../../../cloud-controller-api/query-string.ts';
import { rubyText } from '../../../cloud-controller-api/ruby-text.ts';
import { type Condition, isIn } from './dataset.ts';
import { timestampConditions } from './timestamp-bounds.ts';

/** A filter of one list: from the value of its parameter to SQL. */
export type Filter = (value: ParamValue) => Condition[];

/** The filters every list has: `guids`, `created_ats`, `updated_ats`; and `label_selector` where there are labels. */
export function commonFilters(table: string): Readonly<Record<string, Filter>> {
  return {
    guids: (value) => [isIn(`${table}.guid`, value)],
    created_ats: (value) => timestampConditions(`${table}.created_at`, value),
    updated_ats: (value) => timestampConditions(`${table}.updated_at`, value),
    label_selector: unlabelled,
  };
}

/** `column IN` the list. */
export function byColumn(column: string): Filter {
  return (value) => [isIn(column, value)];
}

/** `column IN (SELECT … WHERE inner IN` the list `)`. */
export function bySubselect(column: string, select: string, inner: string): Filter {
  return (value) => {
    const { sql, values } = isIn(inner, value);
    return [{ sql: `${column} IN (${select} WHERE ${sql})`, values }];
  };
}

export function conditionsOf(
  { filters }: ListMessage,
  known: Readonly<Record<string, Filter>>,
): Condition[] {
  return [...filters].flatMap(([key, value]) => known[key]?.(value) ?? []);
}

/** Nothing here has labels: a requirement that asks for one matches nothing, one that asks for its absence everything. */
function unlabelled(value: ParamValue): Condition[] {
  const asksForLabel = rubyText(value)
    .split(/,(?![^(]*\))/)
    .some((requirement) => !/^\s*!|!=|\snotin\s/.test(requirement));
  return asksForLabel ? [{ sql: '(1 = 0)', values: [] }] : [];
}
