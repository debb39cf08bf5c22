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

/** What events never tell, and so nothing can be found by. */
const UNTOLD = ['stacks', 'isolation_segment_guid'];

/** As every app is shown. */
const LIFECYCLE = 'buildpack';

/** Whether a filter asks for what nothing here has: a label, a stack, an isolation segment, another lifecycle than the one that is shown. */
export function filtersNothing({ filters }: ListMessage): boolean {
  const lifecycle = filters.get('lifecycle_type');
  return (
    UNTOLD.some((name) => filters.has(name)) ||
    (lifecycle !== undefined && rubyText(lifecycle) !== LIFECYCLE) ||
    wantsLabel(filters.get('label_selector'))
  );
}

const wantsLabel = (selector: ParamValue | undefined): boolean =>
  selector !== undefined &&
  rubyText(selector)
    .split(/,(?![^(]*\))/)
    .some((requirement) => !/^\s*!|!=|\snotin\s/.test(requirement));

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
