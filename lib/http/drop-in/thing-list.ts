import type { ListMessage } from '../../cloud-controller-api/list-message.ts';
import type { ParamValue } from '../../cloud-controller-api/query-string.ts';
import { rubyText } from '../../cloud-controller-api/ruby-text.ts';
import { floorToSecond } from '../../domain/instant.ts';
import type { Thing } from '../../query/find-things.ts';
import { isInstantOf } from './events-question.ts';

/** A list parameter as texts; undefined when it was not asked. One without a value matches nothing. */
export function listed(value: ParamValue | undefined): string[] | undefined {
  if (value === undefined) return undefined;
  return Array.isArray(value) ? value.map(rubyText) : [];
}

/** Whether a label is asked for: the archive knows of none. */
export function filtersNothing({ filters }: ListMessage): boolean {
  const selector = filters.get('label_selector');
  if (selector === undefined) return false;
  return rubyText(selector)
    .split(/,(?![^(]*\))/)
    .some((requirement) => !/^\s*!|!=|\snotin\s/.test(requirement));
}

/** `created_ats` and `updated_ats` are the oldest and the newest event that tell of a thing. */
export const withinTimes = (things: readonly Thing[], { filters }: ListMessage): Thing[] =>
  things.filter(
    ({ first, last }) =>
      isInstantOf(filters.get('created_ats'), floorToSecond(first)) &&
      isInstantOf(filters.get('updated_ats'), floorToSecond(last)),
  );

/** Newest first unless asked otherwise; equals stay so, and then clients that take the first of a name take the newest. */
export function inOrder(
  things: readonly Thing[],
  { orderBy, direction }: ListMessage,
): readonly Thing[] {
  if (orderBy === undefined || orderBy === 'state') return things;
  const sign = direction === 'desc' ? -1 : 1;
  const key = ({ name, first, last }: Thing): string =>
    orderBy === 'name' ? name : (orderBy === 'created_at' ? first : last).toISOString();
  return things.toSorted((a, b) => sign * (key(a) < key(b) ? -1 : Number(key(a) > key(b))));
}
