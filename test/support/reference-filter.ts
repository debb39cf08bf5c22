import type { EventRow } from '../../lib/domain/columns.ts';
import { type EventQuery, type ExactCondition, isGuid } from '../../lib/domain/event-query.ts';
import type { Visibility } from '../../lib/domain/visibility.ts';

/** Lower case of each character by itself, as SQL's `lower` has it: no letter becomes two, and a final sigma is a sigma. */
const lower = (text: string): string =>
  [...text].map((letter) => [...letter.toLowerCase()][0] ?? letter).join('');

function matchesPattern(text: string, pattern: string): boolean {
  const pieces = pattern.split('*');
  const first = pieces[0] ?? '';
  const last = pieces.at(-1) ?? '';
  if (pieces.length === 1) return text === pattern;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = text.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

const matchesType = (type: string | null, pattern: string): boolean =>
  type !== null &&
  (pattern.endsWith('.*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern);

function matchesThing(guid: string | null, names: readonly (string | null)[], text: string) {
  const named = (): boolean =>
    names.some((name) => name !== null && matchesPattern(lower(name), lower(text)));
  if (text.includes('*')) return named();
  return guid === text || (!isGuid(text) && named());
}

const matchesText = (data: string | null, text: string): boolean =>
  data !== null &&
  [text, JSON.stringify(text).slice(1, -1)].some((form) => lower(data).includes(lower(form)));

const matchesExactly = (row: EventRow, { column, values, not }: ExactCondition): boolean => {
  const own = row[column] instanceof Date ? row[column].getTime() : row[column];
  const found = values.some((value) => (value instanceof Date ? value.getTime() : value) === own);
  return not ? own !== null && !found : found;
};

const someOf = <T>(asked: readonly T[], matches: (value: T) => boolean): boolean =>
  asked.length === 0 || asked.some(matches);

/** Whether a row answers a question, range included: the plain reading of the query model, with which every engine must agree. */
export function matchesQuery(row: EventRow, query: EventQuery): boolean {
  const { created_at: at } = row;
  if (at === null || at < query.from || at >= query.to) return false;
  const target = (text: string): boolean => matchesThing(row.target_guid, [row.target_name], text);
  return (
    someOf(query.guids, (guid) => row.guid === guid) &&
    someOf(query.types, (type) => matchesType(row.type, type)) &&
    !query.notTypes.some((type) => matchesType(row.type, type)) &&
    someOf(query.actors, (text) =>
      matchesThing(row.actor_guid, [row.actor_name, row.actor_username], text),
    ) &&
    someOf(query.actorTypes, (type) => row.actor_type === type) &&
    someOf(query.targets, target) &&
    !query.notTargets.some(target) &&
    someOf(query.targetTypes, (type) => row.target_type === type) &&
    someOf(query.spaces, (text) => matchesThing(row.space_guid, [row.space_name], text)) &&
    someOf(query.organizations, (text) =>
      matchesThing(row.organization_guid, [row.organization_name], text),
    ) &&
    query.texts.every((text) => matchesText(row.data, text)) &&
    query.exactly.every((condition) => matchesExactly(row, condition))
  );
}

/** Whether somebody may see an event: what every engine must agree with. */
export const maySee = (
  visibility: Visibility,
  { space_guid, organization_guid }: Pick<EventRow, 'space_guid' | 'organization_guid'>,
): boolean =>
  visibility.kind === 'all' ||
  (space_guid !== null && visibility.spaces.includes(space_guid)) ||
  (organization_guid !== null && visibility.organizations.includes(organization_guid));
