import { apiError } from '../../cloud-controller-api/api-error.ts';
import type { ListMessage } from '../../cloud-controller-api/list-message.ts';
import type { ParamValue } from '../../cloud-controller-api/query-string.ts';
import { rubyText } from '../../cloud-controller-api/ruby-text.ts';
import { timestampMicros } from '../../cloud-controller-api/timestamp.ts';
import type { ColumnName } from '../../domain/columns.ts';
import { FIRST_INSTANT } from '../../domain/day.ts';
import {
  type EventQuery,
  type ExactCondition,
  eventQuerySchema,
  MAX_VALUE_LENGTH,
} from '../../domain/event-query.ts';
import type { FoundationName } from '../../domain/foundation.ts';
import { earlierOf, laterOf, plusMs, SECOND_MS } from '../../domain/instant.ts';
import type { Horizon } from '../../query/horizon.ts';
import { beginBefore } from '../../query/search-events.ts';

/**
 * The archive's question behind a valid `GET /v3/audit_events`; undefined when its times exclude each other, so that nothing can match.
 *
 * Cloud Controller shows one instant as `created_at` and `updated_at` (CC §1.6), in whole seconds, and the archive has what it showed: so both filters and both orders are about that second. Without an order Cloud Controller's is that of arrival, which nobody sees: here the oldest comes first.
 *
 * @throws ApiError UnknownError where Cloud Controller itself falls over: `created_ats` without a value, month 13
 */
export function eventsQuestion(
  { filters, direction, perPage }: ListMessage,
  foundation: FoundationName,
  horizon: Horizon,
): EventQuery | undefined {
  const times = [filters.get('created_ats'), filters.get('updated_ats')].filter(
    (value) => value !== undefined,
  );
  const { from, to, asked } = times.map(boundsOf).reduce<Range>(narrower, horizon);
  const exactly = [
    ...times.flatMap(instants),
    ...exact('guid', filters.get('guids')),
    ...exact('type', filters.get('types')),
    ...exact('target_guid', filters.get('target_guids')),
    ...exact('space_guid', filters.get('space_guids')),
    ...exact('organization_guid', filters.get('organization_guids')),
  ];
  if ((asked && from >= to) || to <= FIRST_INSTANT) return undefined;
  return eventQuerySchema.parse({
    foundations: [foundation],
    from: beginBefore(from, to),
    to: earlierOf(to, horizon.to),
    exactly,
    order: direction === 'desc' ? 'newest' : 'oldest',
    limit: perPage,
  });
}

/** Undefined: no bound on that side. */
interface Bounds {
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** A range, and whether anybody asked for its beginning. */
interface Range extends Horizon {
  readonly asked?: boolean;
}

/** What is asked for may begin before the archive does, and then says so; it never ends behind today. */
const narrower = (horizon: Range, bounds: Bounds): Range => ({
  from:
    bounds.from === undefined
      ? horizon.from
      : horizon.asked
        ? laterOf(horizon.from, bounds.from)
        : bounds.from,
  to: bounds.to === undefined ? horizon.to : earlierOf(horizon.to, bounds.to),
  asked: horizon.asked === true || bounds.from !== undefined,
});

/** The half-open range of a time filter, in whole seconds (CC §1.2). */
function boundsOf(value: ParamValue): Bounds {
  if (value instanceof Map) {
    return [...value]
      .map(([operator, text]) => boundOf(operator, secondOf(rubyText(text))))
      .reduce<Bounds>(
        (a, b) => ({
          from: a.from && b.from ? laterOf(a.from, b.from) : (a.from ?? b.from),
          to: a.to && b.to ? earlierOf(a.to, b.to) : (a.to ?? b.to),
        }),
        {},
      );
  }
  const seconds = secondsOf(value);
  return {
    from: seconds.reduce(earlierOf),
    to: plusMs(seconds.reduce(laterOf), SECOND_MS),
  };
}

function boundOf(operator: string, second: Date): Bounds {
  const next = plusMs(second, SECOND_MS);
  switch (operator) {
    case 'lt':
      return { to: second };
    case 'lte':
      return { to: next };
    case 'gt':
      return { from: next };
    default:
      return { from: second };
  }
}

/** Whether a second fulfils a time filter; undefined: there is none. */
export function isInstantOf(value: ParamValue | undefined, second: Date): boolean {
  if (value === undefined) return true;
  const { from, to } = boundsOf(value);
  return (
    (from === undefined || second >= from) &&
    (to === undefined || second < to) &&
    (value instanceof Map || secondsOf(value).some((each) => each.getTime() === second.getTime()))
  );
}

/** A list of instants: any of them. */
const instants = (value: ParamValue): ExactCondition[] =>
  value instanceof Map
    ? []
    : [{ column: 'created_at', values: secondsOf(value), not: false } as const];

function secondsOf(value: ParamValue): Date[] {
  if (!Array.isArray(value)) throw apiError('UnknownError');
  return value.map((text) => secondOf(rubyText(text)));
}

function secondOf(text: string): Date {
  try {
    return new Date(timestampMicros(text) / 1000);
  } catch {
    throw apiError('UnknownError');
  }
}

/** Cloud Controller's columns are never null: what has no space has an empty GUID there, and none here. */
const EMPTY_IS_NULL: ReadonlySet<ColumnName> = new Set(['space_guid', 'organization_guid']);

function exact(column: ColumnName, value: ParamValue | undefined): ExactCondition[] {
  if (value === undefined) return [];
  const excluded = value instanceof Map ? value.get('not') : undefined;
  const list = excluded ?? value;
  const texts = Array.isArray(list) ? list.map(rubyText) : [];
  return [
    {
      column,
      values: texts
        .filter(isStorable)
        .map((text) => (text === '' && EMPTY_IS_NULL.has(column) ? null : text)),
      not: excluded !== undefined,
    },
  ];
}

/** No event has another value, and Athena could not be asked for it: a value there has at most so many characters with its quotes, inner ones doubled. */
const isStorable = (text: string): boolean =>
  text.replaceAll("'", "''").length + 2 <= MAX_VALUE_LENGTH &&
  !text.includes('\0') &&
  text.isWellFormed();
