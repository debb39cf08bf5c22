import type { ArchivePolicy } from '../domain/archive-policy.ts';
import { type Day, dayOf, daysFrom } from '../domain/day.ts';
import type { ArchiveError } from '../domain/errors.ts';
import type { FoundationName } from '../domain/foundation.ts';
import type { Counted } from '../domain/losses.ts';
import { type Loss, RUN_REPORT_FORMAT, type RunDay, type RunReport } from '../domain/run-report.ts';
import type { DayResult, OpenDay } from './day-result.ts';

export interface RunFacts {
  readonly tool: string;
  readonly api: string;
  readonly foundation: FoundationName;
  readonly policy: ArchivePolicy;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly before: RunReport | undefined;
  /** Undefined when the run ended before it could look. */
  readonly survey: { readonly oldest: Date | undefined; readonly kept: Date } | undefined;
  readonly results: readonly DayResult[];
  readonly open: readonly OpenDay[];
  readonly losses: readonly Loss[];
  readonly error: ArchiveError | undefined;
}

/**
 * The report of a run. Days that it did not look at keep what the last report said of them, so that the newest report always tells all that is known of every day in retention.
 *
 * A report by a clock ahead of this run's may know of days that are still to come by this one: they are left to it.
 */
export function describeRun(run: RunFacts): RunReport {
  const before = new Map(run.before?.days.map((day) => [day.dt, day]));
  const results = new Map(run.results.map((result) => [result.day, result]));
  const open = new Map(run.open.map((day) => [day.day, day]));
  const days = run.survey
    ? daysFrom(dayOf(run.survey.kept), dayOf(run.startedAt))
    : [...before.keys()].filter((dt) => dt <= dayOf(run.finishedAt));
  return {
    format: RUN_REPORT_FORMAT,
    foundation: run.foundation,
    api: run.api,
    tool: run.tool,
    started_at: run.startedAt.toISOString(),
    finished_at: run.finishedAt.toISOString(),
    retention_days: run.policy.retentionDays,
    settle_seconds: run.policy.settleMs / 1000,
    oldest_at_source: run.survey?.oldest?.toISOString() ?? null,
    days: days.map((dt) =>
      describeDay(before.get(dt) ?? unknownDay(dt), results.get(dt), open.get(dt)),
    ),
    losses: [...run.losses],
    error: run.error ? { code: run.error.code, message: run.error.message } : null,
  };
}

const unknownDay = (dt: Day): RunDay => ({
  dt,
  result: 'skipped',
  status: null,
  at_source: null,
  counted_at: null,
  last_counted: null,
  archived: null,
  added: 0,
  final_check: false,
  deleted_at_source: 0,
  deleted_guids: [],
  unrepresentable_guids: [],
  error: null,
});

function describeDay(
  before: RunDay,
  result: DayResult | undefined,
  open: OpenDay | undefined,
): RunDay {
  const carried: RunDay = {
    ...unknownDay(before.dt),
    last_counted: before.last_counted,
    archived: before.archived,
    final_check: before.final_check,
    deleted_at_source: before.deleted_at_source,
    deleted_guids: before.deleted_guids,
  };
  if (result !== undefined) return { ...carried, ...describeResult(result, before.last_counted) };
  if (open === undefined) return carried;
  return {
    ...carried,
    result: 'open',
    ...describeCount(open.counted),
    error: open.error ? { code: open.error.code, message: open.error.message } : null,
  };
}

function describeCount(counted: Counted | undefined): Partial<RunDay> {
  if (counted === undefined) return {};
  const at = counted.at.toISOString();
  return {
    at_source: counted.events,
    counted_at: at,
    last_counted: { events: counted.events, at },
  };
}

function describeResult(result: DayResult, earlierCount: RunDay['last_counted']): Partial<RunDay> {
  switch (result.kind) {
    case 'archived':
    case 'unchanged': {
      const stored =
        result.kind === 'archived' && result.status !== 'unchanged'
          ? {
              status: result.status,
              added: result.added,
              unrepresentable_guids: [...result.unrepresentableGuids],
            }
          : {};
      return {
        result: result.kind,
        ...stored,
        ...describeCount(result.counted),
        archived: result.events,
        final_check: result.finalCheck,
        deleted_at_source: result.deletedAtSource,
        deleted_guids: [...result.deletedGuids],
      };
    }
    case 'failed':
      return {
        result: 'failed',
        ...describeCount(result.counted),
        ...(result.stillThere === undefined ? { last_counted: earlierCount } : {}),
        error: { code: result.code, message: result.message },
      };
    case 'postponed':
      return { result: 'postponed', ...describeCount(result.counted) };
  }
}
