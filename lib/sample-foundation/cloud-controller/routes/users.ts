import { parseListMessage } from '../../../cloud-controller-api/list-message.ts';
import type { ParamValue } from '../../../cloud-controller-api/query-string.ts';
import { USERS_LIST } from '../../../cloud-controller-api/resource-list-messages.ts';
import { rubyText } from '../../../cloud-controller-api/ruby-text.ts';
import type { Answer } from '../../http/exchange.ts';
import type { V3Request } from '../context.ts';
import type { Condition } from '../fetch/dataset.ts';
import { isIn } from '../fetch/dataset.ts';
import { USER } from '../presenters/user.ts';
import { answerResource, answerResourceList } from '../resource-answer.ts';

/** `GET /v3/users` (CC §8). Names are looked up in UAA, which compares them without regard to case. */
export async function listUsers(request: V3Request): Promise<Answer> {
  const message = parseListMessage(request.query, USERS_LIST, request.cloudController);
  return await answerResourceList(request, message, {
    path: '/v3/users',
    readable: request.permissions.readableUsers(),
    filters: {
      usernames: (value) => [isIn('users.username COLLATE NOCASE', value)],
      partial_usernames: partialUsernames,
      origins: (value) => [isIn('users.origin', value)],
    },
    presenter: USER,
  });
}

export function showUser(request: V3Request): Answer {
  return answerResource(request, request.permissions.readableUsers(), USER, 'User');
}

function partialUsernames(value: ParamValue): Condition[] {
  const parts = Array.isArray(value) ? value.map(rubyText) : [];
  if (parts.length === 0) return [{ sql: '(1 = 0)', values: [] }];
  return [
    {
      sql: `(${parts.map(() => 'instr(lower(users.username), lower(?)) > 0').join(' OR ')})`,
      values: parts,
    },
  ];
}
