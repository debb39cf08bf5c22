import type { FoundationResult } from '../archive/archive-foundation.ts';
import type { DayResult } from '../archive/day-result.ts';
import type { Loss } from '../domain/run-report.ts';
import type { FoundationRun } from '../runs/run-foundation.ts';
import { EXIT_BAD, EXIT_OK, exitCodeOf } from './exit-code.ts';
import { bytesText, countText, plural } from './words.ts';

/** What happened to a day, in a few words. */
export function dayWords(result: DayResult): string {
  switch (result.kind) {
    case 'archived':
      return [
        result.status === 'unchanged' ? 'unchanged' : result.status,
        result.added > 0
          ? `${plural(result.added, 'event')}, ${bytesText(result.bytes)}`
          : undefined,
        result.adopted.length > 0 ? `adopted ${plural(result.adopted.length, 'part')}` : undefined,
      ]
        .filter((part) => part !== undefined)
        .join(', ');
    case 'unchanged':
      return result.deletedAtSource > 0
        ? `unchanged, ${countText(result.deletedAtSource)} deleted at source`
        : 'unchanged';
    case 'failed':
      return `failed: ${result.message}`;
    case 'postponed':
      return 'left for the next run: no time';
  }
}

/** Whether the run stored anything. */
export const storedAnything = (result: FoundationResult): boolean =>
  result.days.some((day) => day.kind === 'archived');

/** One line for a foundation that ran. */
export function summaryLine(result: FoundationResult): string {
  const of = (kind: DayResult['kind']): number =>
    result.days.filter((day) => day.kind === kind).length;
  const stored = result.days.filter((day) => day.kind === 'archived');
  const events = stored.reduce((sum, day) => sum + day.added, 0);
  const bytes = stored.reduce((sum, day) => sum + day.bytes, 0);
  const deleted = result.days.reduce(
    (sum, day) => sum + ('deletedAtSource' in day ? day.deletedAtSource : 0),
    0,
  );
  const parts = [
    storedAnything(result)
      ? `stored ${plural(events, 'event')} (${bytesText(bytes)}) in ${plural(of('archived'), 'day')}`
      : 'nothing new, nothing stored',
    `${of('unchanged')} unchanged`,
    ...(deleted > 0 ? [`${countText(deleted)} deleted at source`] : []),
    ...(result.losses.length > 0 ? [`${plural(result.losses.length, 'LOSS', 'LOSSES')}`] : []),
    ...(of('failed') > 0 ? [`${of('failed')} FAILED`] : []),
    ...(of('postponed') > 0 ? [`${of('postponed')} left for the next run`] : []),
  ];
  return `${result.foundation}: ${plural(result.days.length, 'closed day')} looked at: ${parts.join(', ')}`;
}

/** What a loss is, in a sentence. */
export function lossWords(loss: Loss): string {
  const many = loss.events === null ? 'an unknown number of events' : plural(loss.events, 'event');
  const range = `${loss.from.slice(0, 19)}Z to ${loss.to.slice(0, 19)}Z`;
  const why =
    loss.kind === 'left_unread'
      ? 'left retention before any run could store the day'
      : 'vanished from Cloud Controller before the day could be stored';
  const seen = loss.last_seen_at === null ? '' : `, last seen ${loss.last_seen_at}`;
  return `LOSS on ${loss.dt}: ${many} of ${range} ${why}${seen}`;
}

/** The stable keys of `archive --json`. */
export function archiveJson(runs: readonly FoundationRun[]): unknown {
  return {
    foundations: runs.map((run) =>
      run.kind === 'refused'
        ? {
            name: run.foundation,
            error: { code: run.error.code, message: run.error.message },
            days: [],
            losses: run.losses,
          }
        : { name: run.foundation, error: null, days: run.days.map(dayJson), losses: run.losses },
    ),
  };
}

function dayJson(result: DayResult): unknown {
  const base = { dt: result.day, result: result.kind };
  switch (result.kind) {
    case 'archived':
      return {
        ...base,
        status: result.status,
        events: result.events,
        added: result.added,
        bytes: result.bytes,
        adopted: result.adopted,
      };
    case 'unchanged':
      return { ...base, events: result.events, deleted_at_source: result.deletedAtSource };
    case 'failed':
      return { ...base, code: result.code, message: result.message };
    case 'postponed':
      return base;
  }
}

/** The worst of all foundations and days; days left for the next run are no failure, they are still in retention. */
export function archiveExitCode(runs: readonly FoundationRun[]): number {
  return Math.max(
    EXIT_OK,
    ...runs.map((run) => {
      if (run.kind === 'refused') return exitCodeOf(run.error);
      const bad = run.losses.length > 0 || run.days.some((day) => day.kind === 'failed');
      return bad ? EXIT_BAD : EXIT_OK;
    }),
  );
}
