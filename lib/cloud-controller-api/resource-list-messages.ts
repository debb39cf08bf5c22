import { includeProblems } from './include-problems.ts';
import type { ListShape } from './list-message.ts';
import type { Params } from './query-string.ts';

const BY_NAME = ['created_at', 'updated_at', 'name'];

/** `GET /v3/organizations` (CC §8). */
export const ORGANIZATIONS_LIST: ListShape = {
  own: ['names', 'isolation_segment_guid', 'label_selector'],
  lists: ['names'],
  orderBy: BY_NAME,
};

/** `GET /v3/spaces` (CC §8). */
export const SPACES_LIST: ListShape = {
  own: ['names', 'organization_guids', 'include', 'label_selector'],
  lists: ['names', 'organization_guids', 'include'],
  orderBy: BY_NAME,
  validators: [includeProblems(['org', 'organization'])],
};

/** `GET /v3/apps` (CC §8). */
export const APPS_LIST: ListShape = {
  own: [
    'names',
    'organization_guids',
    'space_guids',
    'stacks',
    'include',
    'lifecycle_type',
    'label_selector',
  ],
  lists: ['names', 'organization_guids', 'space_guids', 'stacks', 'include'],
  orderBy: [...BY_NAME, 'state'],
  validators: [includeProblems(['space', 'org', 'space.organization'])],
};

/** `GET /v3/users`: problems are 422 (CC §8). */
export const USERS_LIST: ListShape = {
  own: ['usernames', 'partial_usernames', 'origins', 'label_selector'],
  lists: ['usernames', 'partial_usernames', 'origins'],
  validators: [usernameProblems],
  invalid: 'UnprocessableEntity',
};

/** `GET /v3/roles`: ordered by `created_at` unless asked otherwise (CC §3); problems are 422, as the source has it. */
export const ROLES_LIST: ListShape = {
  own: ['organization_guids', 'space_guids', 'user_guids', 'types', 'include'],
  lists: ['organization_guids', 'space_guids', 'user_guids', 'types', 'include'],
  defaultOrderBy: 'created_at',
  validators: [includeProblems(['user', 'organization', 'space'])],
  invalid: 'UnprocessableEntity',
};

const TASKS: ListShape = {
  own: [
    'names',
    'states',
    'app_guids',
    'organization_guids',
    'space_guids',
    'app_guid',
    'sequence_ids',
    'label_selector',
  ],
  lists: ['names', 'states', 'app_guids', 'organization_guids', 'space_guids', 'sequence_ids'],
  notInLinks: ['app_guid'],
};

/** `GET /v3/tasks` (CC §7). */
export const TASKS_LIST: ListShape = { ...TASKS, validators: [refuse(['sequence_ids'])] };

/** `GET /v3/apps/:guid/tasks` (CC §7). */
export const APP_TASKS_LIST: ListShape = {
  ...TASKS,
  validators: [refuse(['space_guids', 'organization_guids', 'app_guids'])],
};

function refuse(keys: readonly string[]) {
  return (params: Params): string[] => {
    const given = keys.filter((key) => params.get(key) !== undefined);
    return given.length === 0 ? [] : [`Unknown query parameter(s): '${given.join("', '")}'`];
  };
}

function usernameProblems(params: Params): string[] {
  const [whole, partial, origins] = ['usernames', 'partial_usernames', 'origins'].map((key) =>
    params.has(key),
  );
  return [
    ...(origins && !whole && !partial
      ? ['Origins filter cannot be provided without usernames or partial_usernames filter.']
      : []),
    ...(whole && partial
      ? ['Usernames filter cannot be provided with both usernames and partial_usernames filter.']
      : []),
  ];
}
