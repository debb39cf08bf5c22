import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { FoundationName } from '../domain/foundation.ts';

/** Of every metric of this program. */
export const METRIC_NAMESPACE = 'CfAuditArchive';

/** Metrics by name that are no plain counts. */
const UNITS: Readonly<Record<string, (typeof MetricUnit)[keyof typeof MetricUnit]>> = {
  BytesScanned: MetricUnit.Bytes,
};

/**
 * Numbers of one foundation as one line of JSON in CloudWatch's embedded metric format, dimension `foundation` alone: CloudWatch makes metrics of such lines in a function's log or in a file that its agent reads.
 *
 * Zeros are written, too: an alarm then tells "no loss" from "no run".
 *
 * @param program - what counted, such as `archive`
 */
export function metricsLine(
  program: string,
  foundation: FoundationName,
  numbers: Readonly<Record<string, number>>,
): string {
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE, serviceName: program });
  metrics.clearDefaultDimensions();
  metrics.addDimension('foundation', foundation);
  metrics.addMetadata('service', program);
  for (const [name, value] of Object.entries(numbers)) {
    metrics.addMetric(name, UNITS[name] ?? MetricUnit.Count, value);
  }
  return JSON.stringify(metrics.serializeMetrics());
}
