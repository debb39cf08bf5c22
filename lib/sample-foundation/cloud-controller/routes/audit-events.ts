import { apiError } from '../../../cloud-controller-api/api-error.ts';
import { EVENTS_LIST } from '../../../cloud-controller-api/events-list-message.ts';
import { parseListMessage } from '../../../cloud-controller-api/list-message.ts';
import { type Answer, jsonTextAnswer } from '../../http/exchange.ts';
import type { V3Request } from '../context.ts';
import { filterEvents, prepareIndexes } from '../fetch/event-list.ts';
import { answerList, firstByGuid } from '../list-answer.ts';
import { EVENT_COLUMNS, presentEvent } from '../presenters/event.ts';

/** `GET /v3/audit_events` (CC §1). */
export async function listAuditEvents(request: V3Request): Promise<Answer> {
  const { cloudController, permissions, query } = request;
  const message = parseListMessage(query, EVENTS_LIST, cloudController);
  prepareIndexes(cloudController.database, message);
  const apiUrl = cloudController.externalUrl();
  return await answerList(request, filterEvents(permissions.readableEvents(), message), message, {
    path: '/v3/audit_events',
    columns: EVENT_COLUMNS,
    present: (row) => presentEvent(row, apiUrl),
  });
}

/** `GET /v3/audit_events/:guid`; what the caller may not see is not found (CC §1.5). */
export function showAuditEvent(request: V3Request): Answer {
  const row = firstByGuid(request, request.permissions.readableEvents(), EVENT_COLUMNS);
  if (row === undefined) throw apiError('ResourceNotFound', 'Event not found');
  return jsonTextAnswer(200, presentEvent(row, request.cloudController.externalUrl()));
}
