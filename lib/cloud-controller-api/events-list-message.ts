import type { ListShape } from './list-message.ts';
import type { Params } from './query-string.ts';

/** `GET /v3/audit_events` (CC §1.1). */
export const EVENTS_LIST: ListShape = {
  own: ['types', 'target_guids', 'space_guids', 'organization_guids'],
  lists: ['types', 'space_guids', 'organization_guids', 'target_guids'],
  listObjects: ['target_guids'],
  validators: [targetGuidsProblems],
};

function targetGuidsProblems(params: Params): string[] {
  const value = params.get('target_guids');
  if (!(value instanceof Map)) return [];
  const excluded = value.get('not');
  const isPresent = Array.isArray(excluded) || (excluded instanceof Map && excluded.size > 0);
  if (!isPresent) return ['Target guids target_guids has an invalid operator'];
  return Array.isArray(excluded) ? [] : ['Target guids target_guids must be an array'];
}
