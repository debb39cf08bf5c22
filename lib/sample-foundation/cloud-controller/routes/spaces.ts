import { includedNames } from '../../../cloud-controller-api/include-problems.ts';
import { parseListMessage } from '../../../cloud-controller-api/list-message.ts';
import { SPACES_LIST } from '../../../cloud-controller-api/resource-list-messages.ts';
import type { Answer } from '../../http/exchange.ts';
import type { V3Request } from '../context.ts';
import { byColumn } from '../fetch/common-filters.ts';
import { ORGANIZATION } from '../presenters/organization.ts';
import type { ResourceRow } from '../presenters/resource.ts';
import { SPACE } from '../presenters/space.ts';
import { answerResource, answerResourceList, presentIncluded } from '../resource-answer.ts';

/** `GET /v3/spaces`, with `include=organization` (CC §8). */
export async function listSpaces(request: V3Request): Promise<Answer> {
  const { cloudController, permissions, query } = request;
  const message = parseListMessage(query, SPACES_LIST, cloudController);
  const organizationsOf = (rows: readonly ResourceRow[]) => ({
    organizations: presentIncluded(
      request,
      permissions.existingOrganizations(),
      ORGANIZATION,
      rows.map((row) => row.organization_guid),
    ),
  });
  return await answerResourceList(request, message, {
    path: '/v3/spaces',
    readable: permissions.readableSpaces(),
    filters: {
      names: byColumn('spaces.name'),
      organization_guids: byColumn('spaces.organization_guid'),
    },
    presenter: SPACE,
    included: includedNames(message.filters).length > 0 ? organizationsOf : undefined,
  });
}

export function showSpace(request: V3Request): Answer {
  return answerResource(request, request.permissions.readableSpaces(), SPACE, 'Space');
}
