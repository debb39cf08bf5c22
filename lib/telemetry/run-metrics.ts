import type { FoundationName } from '../domain/foundation.ts';
import type { Loss } from '../domain/run-report.ts';
import { metricsLine } from './metrics-line.ts';

/** What a run of one foundation counts. `RunsFailed` is 1 when it ended early. */
export const RUN_METRICS = [
  'DaysArchived',
  'DaysUnchanged',
  'DaysFailed',
  'DaysPostponed',
  'EventsStored',
  'Losses',
  'EventsLost',
  'RunsFailed',
] as const;

export type RunMetric = (typeof RUN_METRICS)[number];

/** How a run left one closed day. */
export interface EndedDay {
  readonly kind: 'archived' | 'unchanged' | 'failed' | 'postponed';
  /** Events that it stored. */
  readonly added?: number;
  /** Postponed not for want of time, but for another run to read. */
  readonly due?: true;
}

/** How the run of one foundation ended; without `days`: early, so that it counts as failed. */
export interface EndedRun {
  readonly foundation: FoundationName;
  readonly days?: readonly EndedDay[];
  readonly losses?: readonly Loss[];
}

/** What a run counted. A loss of unknown size is one of `Losses`, and adds nothing to `EventsLost`. */
export function countRun({ days, losses = [] }: EndedRun): Record<RunMetric, number> {
  const of = (kind: EndedDay['kind']): number =>
    (days ?? []).filter((day) => day.kind === kind).length;
  return {
    DaysArchived: of('archived'),
    DaysUnchanged: of('unchanged'),
    DaysFailed: of('failed'),
    DaysPostponed: (days ?? []).filter(({ kind, due }) => kind === 'postponed' && !due).length,
    EventsStored: (days ?? []).reduce((sum, day) => sum + (day.added ?? 0), 0),
    Losses: losses.length,
    EventsLost: losses.reduce((sum, { events }) => sum + (events ?? 0), 0),
    RunsFailed: days === undefined ? 1 : 0,
  };
}

/** A run as one line of CloudWatch's embedded metric format. */
export const runMetricsLine = (run: EndedRun): string =>
  metricsLine('archive', run.foundation, countRun(run));
