import type { DayResult, FoundationResult } from '../archive/archive-foundation.ts';
import type { ArchiveError } from '../domain/errors.ts';
import type { FoundationName } from '../domain/foundation.ts';
import { EXIT_BAD, EXIT_OK, exitCodeOf } from './exit-code.ts';
import { bytesText, countText, plural } from './words.ts';

/** How a foundation's run ended: with a result for each day, or before it could look at any. */
export type FoundationRun =
  | ({ readonly kind: 'ran' } & FoundationResult)
  | {
      readonly kind: 'refused';
      readonly foundation: FoundationName;
      readonly error: ArchiveError;
    };

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
  const parts = [
    storedAnything(result)
      ? `stored ${plural(events, 'event')} (${bytesText(bytes)}) in ${plural(of('archived'), 'day')}`
      : 'nothing new, nothing written',
    `${of('unchanged')} unchanged`,
    ...(of('failed') > 0 ? [`${of('failed')} FAILED`] : []),
    ...(of('postponed') > 0 ? [`${of('postponed')} left for the next run`] : []),
  ];
  return `${result.foundation}: ${plural(result.days.length, 'closed day')} looked at: ${parts.join(', ')}`;
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
          }
        : { name: run.foundation, error: null, days: run.days.map(dayJson) },
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
      return run.days.some((day) => day.kind === 'failed') ? EXIT_BAD : EXIT_OK;
    }),
  );
}
