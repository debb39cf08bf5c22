import { parseListMessage } from '../../../cloud-controller-api/list-message.ts';
import { ORGANIZATIONS_LIST } from '../../../cloud-controller-api/resource-list-messages.ts';
import type { Answer } from '../../http/exchange.ts';
import type { V3Request } from '../context.ts';
import { byColumn } from '../fetch/common-filters.ts';
import { ORGANIZATION } from '../presenters/organization.ts';
import { answerResource, answerResourceList } from '../resource-answer.ts';

/** `GET /v3/organizations` (CC §8). */
export async function listOrganizations(request: V3Request): Promise<Answer> {
  const message = parseListMessage(request.query, ORGANIZATIONS_LIST, request.cloudController);
  return await answerResourceList(request, message, {
    path: '/v3/organizations',
    readable: request.permissions.readableOrganizations(),
    filters: { names: byColumn('organizations.name') },
    presenter: ORGANIZATION,
  });
}

export function showOrganization(request: V3Request): Answer {
  const readable = request.permissions.readableOrganizations();
  return answerResource(request, readable, ORGANIZATION, 'Organization');
}
