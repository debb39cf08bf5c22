import { apiError } from '../../../cloud-controller-api/api-error.ts';
import { parseListMessage } from '../../../cloud-controller-api/list-message.ts';
import {
  APP_TASKS_LIST,
  TASKS_LIST,
} from '../../../cloud-controller-api/resource-list-messages.ts';
import type { Answer } from '../../http/exchange.ts';
import type { V3Request } from '../context.ts';
import { byColumn, bySubselect } from '../fetch/common-filters.ts';
import { isIn, where } from '../fetch/dataset.ts';
import { firstByGuid } from '../list-answer.ts';
import { taskPresenter } from '../presenters/task.ts';
import { answerResource, answerResourceList } from '../resource-answer.ts';

const OWN_FILTERS = {
  names: byColumn('tasks.name'),
  states: byColumn('tasks.state'),
  sequence_ids: byColumn('tasks.sequence_id'),
};

const APPS_OF_ORGANIZATIONS =
  'SELECT apps.guid FROM apps JOIN spaces ON spaces.guid = apps.space_guid';

/** `GET /v3/tasks`: never with commands, not even for an admin (CC §7). */
export async function listTasks(request: V3Request): Promise<Answer> {
  const message = parseListMessage(request.query, TASKS_LIST, request.cloudController);
  return await answerResourceList(request, message, {
    path: '/v3/tasks',
    readable: request.permissions.readableTasks(),
    filters: {
      ...OWN_FILTERS,
      app_guids: byColumn('tasks.app_guid'),
      space_guids: bySubselect('tasks.app_guid', 'SELECT guid FROM apps', 'space_guid'),
      organization_guids: bySubselect(
        'tasks.app_guid',
        APPS_OF_ORGANIZATIONS,
        'spaces.organization_guid',
      ),
    },
    presenter: taskPresenter(false),
  });
}

/** `GET /v3/apps/:guid/tasks`: with commands for those who may read secrets. As in the source, `guids` and the time filters are taken and do nothing here. */
export async function listAppTasks(request: V3Request): Promise<Answer> {
  const { cloudController, guid, permissions, query } = request;
  const message = parseListMessage(query, APP_TASKS_LIST, cloudController);
  const app = firstByGuid(request, permissions.readableApps(), ['space_guid']);
  if (app === undefined) throw apiError('ResourceNotFound', 'App not found');
  const nothing = () => [];
  return await answerResourceList(request, message, {
    path: `/v3/apps/${guid}/tasks`,
    readable: where(permissions.readableTasks(), isIn('tasks.app_guid', [guid])),
    filters: { ...OWN_FILTERS, guids: nothing, created_ats: nothing, updated_ats: nothing },
    presenter: taskPresenter(mayReadSecrets(request, String(app[0]))),
  });
}

/** `GET /v3/tasks/:guid` (CC §7). */
export function showTask(request: V3Request): Answer {
  const readable = request.permissions.readableTasks();
  const task = firstByGuid(request, readable, ['app_guid']);
  const [app] = request.cloudController.database.all(
    'SELECT space_guid FROM apps WHERE guid = ?',
    String(task?.[0]),
  );
  const showsCommand = mayReadSecrets(request, String(app?.space_guid));
  return answerResource(request, readable, taskPresenter(showsCommand), 'Task');
}

function mayReadSecrets({ cloudController, permissions }: V3Request, spaceGuid: string): boolean {
  const spaces = permissions.secretSpaceGuids();
  if (spaces === undefined) return true;
  const rows = cloudController.database.all(
    `SELECT 1 WHERE ? IN (${spaces.sql})`,
    spaceGuid,
    ...spaces.values,
  );
  return rows.length > 0;
}
