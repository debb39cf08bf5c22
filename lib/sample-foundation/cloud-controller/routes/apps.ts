import { includedNames } from '../../../cloud-controller-api/include-problems.ts';
import { parseListMessage } from '../../../cloud-controller-api/list-message.ts';
import { APPS_LIST } from '../../../cloud-controller-api/resource-list-messages.ts';
import type { Answer } from '../../http/exchange.ts';
import type { V3Request } from '../context.ts';
import { byColumn, bySubselect } from '../fetch/common-filters.ts';
import { APP } from '../presenters/app.ts';
import { ORGANIZATION } from '../presenters/organization.ts';
import type { ResourceRow } from '../presenters/resource.ts';
import { SPACE } from '../presenters/space.ts';
import { answerResource, answerResourceList, presentIncluded } from '../resource-answer.ts';

/** `GET /v3/apps`, with `include=space,space.organization` (CC §8). */
export async function listApps(request: V3Request): Promise<Answer> {
  const { cloudController, permissions, query } = request;
  const message = parseListMessage(query, APPS_LIST, cloudController);
  const names = includedNames(message.filters);
  return await answerResourceList(request, message, {
    path: '/v3/apps',
    readable: permissions.readableApps(),
    filters: {
      names: byColumn('apps.name'),
      space_guids: byColumn('apps.space_guid'),
      organization_guids: bySubselect(
        'apps.space_guid',
        'SELECT guid FROM spaces',
        'organization_guid',
      ),
    },
    presenter: APP,
    included: names.length > 0 ? (rows) => includedOf(request, names, rows) : undefined,
  });
}

export function showApp(request: V3Request): Answer {
  return answerResource(request, request.permissions.readableApps(), APP, 'App');
}

function includedOf(request: V3Request, names: readonly string[], rows: readonly ResourceRow[]) {
  const { cloudController, permissions } = request;
  const asks = (...any: string[]) => any.some((name) => names.includes(name));
  const spaceGuids = rows.map((row) => String(row.space_guid));
  const organizationGuids = () =>
    spaceGuids.flatMap((guid) =>
      cloudController.database
        .all('SELECT organization_guid FROM spaces WHERE guid = ?', guid)
        .map((row) => row.organization_guid),
    );
  return {
    ...(asks('space', 'space.organization')
      ? { spaces: presentIncluded(request, permissions.existingSpaces(), SPACE, spaceGuids) }
      : {}),
    ...(asks('org', 'space.organization')
      ? {
          organizations: presentIncluded(
            request,
            permissions.existingOrganizations(),
            ORGANIZATION,
            organizationGuids(),
          ),
        }
      : {}),
  };
}
