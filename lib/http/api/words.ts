import { apiError } from '../../cloud-controller-api/api-error.ts';
import type { AskedWords } from '../../query/asked-query.ts';
import type { EventsParameters, ReportParameters } from './parameters.ts';

/** Parameters as the words of a question; `start` and `end` are other names for `from` and `to`. @throws ApiError BadQueryParameter when both names are given */
export function wordsOf(given: ReportParameters & Partial<EventsParameters>): AskedWords {
  for (const [name, alias] of [
    ['from', 'start'],
    ['to', 'end'],
  ] as const) {
    if (given[name] !== undefined && given[alias] !== undefined) {
      throw apiError('BadQueryParameter', `${alias} is another name for ${name}: give one of them`);
    }
  }
  return {
    from: given.from ?? given.start,
    to: given.to ?? given.end,
    today: given.today,
    yesterday: given.yesterday,
    last: given.last,
    month: given.month,
    timeZone: given.time_zone,
    guid: given.guid,
    type: given.type,
    notType: given.not_type,
    actor: given.actor,
    actorType: given.actor_type,
    target: given.target,
    notTarget: given.not_target,
    targetType: given.target_type,
    space: given.space,
    organization: given.organization,
    text: given.text,
    order: given.order,
  };
}
