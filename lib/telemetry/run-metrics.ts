import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { FoundationName } from '../domain/foundation.ts';
import type { Loss } from '../domain/run-report.ts';

/** Of every metric of this program. */
export const METRIC_NAMESPACE = 'CfAuditArchive';

/** What a run of one foundation counts. `RunsFailed` is 1 when it could not look at any day. */
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
}

/** How the run of one foundation ended; without `days`: before it could look at any. */
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
    DaysPostponed: of('postponed'),
    EventsStored: (days ?? []).reduce((sum, day) => sum + (day.added ?? 0), 0),
    Losses: losses.length,
    EventsLost: losses.reduce((sum, { events }) => sum + (events ?? 0), 0),
    RunsFailed: days === undefined ? 1 : 0,
  };
}

/**
 * A run as one line of JSON in CloudWatch's embedded metric format, dimension `foundation`: CloudWatch makes metrics of such lines in a function's log or in a file that its agent reads.
 *
 * Zeros are written, too: an alarm then tells "no loss" from "no run".
 */
export function runMetricsLine(run: EndedRun): string {
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE, serviceName: 'archive' });
  metrics.addDimension('foundation', run.foundation);
  for (const [name, value] of Object.entries(countRun(run))) {
    metrics.addMetric(name, MetricUnit.Count, value);
  }
  return JSON.stringify(metrics.serializeMetrics());
}
