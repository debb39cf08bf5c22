import { includedNames } from '../../../cloud-controller-api/include-problems.ts';
import { parseListMessage } from '../../../cloud-controller-api/list-message.ts';
import { ROLES_LIST } from '../../../cloud-controller-api/resource-list-messages.ts';
import type { Answer } from '../../http/exchange.ts';
import type { V3Request } from '../context.ts';
import { byColumn } from '../fetch/common-filters.ts';
import { ORGANIZATION } from '../presenters/organization.ts';
import type { ResourceRow } from '../presenters/resource.ts';
import { ROLE } from '../presenters/role.ts';
import { SPACE } from '../presenters/space.ts';
import { USER } from '../presenters/user.ts';
import { answerResource, answerResourceList, presentIncluded } from '../resource-answer.ts';

/** `GET /v3/roles` (CC §3). With a user's own token it shows only roles that user may read. */
export async function listRoles(request: V3Request): Promise<Answer> {
  const message = parseListMessage(request.query, ROLES_LIST, request.cloudController);
  const names = includedNames(message.filters);
  return await answerResourceList(request, message, {
    path: '/v3/roles',
    readable: request.permissions.readableRoles(),
    filters: {
      types: byColumn('roles.type'),
      user_guids: byColumn('roles.user_guid'),
      space_guids: byColumn('roles.space_guid'),
      organization_guids: byColumn('roles.organization_guid'),
    },
    presenter: ROLE,
    included: names.length > 0 ? (rows) => includedOf(request, names, rows) : undefined,
  });
}

export function showRole(request: V3Request): Answer {
  return answerResource(request, request.permissions.readableRoles(), ROLE, 'Role');
}

function includedOf(request: V3Request, names: readonly string[], rows: readonly ResourceRow[]) {
  const { permissions } = request;
  const guids = (column: string) => rows.map((row) => row[column]);
  const users = { table: 'users', conditions: [] };
  return {
    ...(names.includes('user')
      ? { users: presentIncluded(request, users, USER, guids('user_guid')) }
      : {}),
    ...(names.includes('organization')
      ? {
          organizations: presentIncluded(
            request,
            permissions.existingOrganizations(),
            ORGANIZATION,
            guids('organization_guid'),
          ),
        }
      : {}),
    ...(names.includes('space')
      ? {
          spaces: presentIncluded(
            request,
            permissions.existingSpaces(),
            SPACE,
            guids('space_guid'),
          ),
        }
      : {}),
  };
}
