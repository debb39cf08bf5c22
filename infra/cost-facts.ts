import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { RUN_METRICS } from '../lib/telemetry/run-metrics.ts';
import { alarmResources } from './alarms.ts';
import type { StackFacts } from './cost-bill.ts';
import { readDeployable } from './deployable-configuration.ts';
import { FUNCTION_NAMES } from './function-names.ts';
import { checkedSchedule, scheduleRuns } from './schedule-runs.ts';
import { EXAMPLE_FILE } from './stack-file.ts';

/** /tmp that costs nothing, in MB. */
const FREE_DISK_MB = 512;

/** Schedules of days and hours run as often in any month. */
const ANY_DAY = new Date('2026-11-01T00:00:00Z');

/** Of each foundation, in the namespace of the stack's metrics. */
const FOUNDATION_METRICS = [
  ...RUN_METRICS,
  'NewestClosedDayAgeDays',
  'DaysAtRisk',
  'DaysDeletedAtSource',
  'DaysQueued',
  'DigestsSigned',
  'DigestsFailed',
  'DigestAgeHours',
  'AthenaCutoffs',
  'BytesScanned',
];

const functionSchema = z.object({
  memorySize: z.number(),
  ephemeralStorageSize: z.number().default(FREE_DISK_MB),
});
const serverlessSchema = z.object({
  functions: z.record(z.enum(FUNCTION_NAMES), functionSchema),
  resources: z.array(z.unknown()),
});
const fragmentSchema = z.object({
  Resources: z.record(z.string(), z.object({ Type: z.string(), Properties: z.unknown() })),
});
const bucketSchema = z.object({
  LifecycleConfiguration: z.object({
    Rules: z.array(
      z.object({
        Id: z.string(),
        Transitions: z
          .array(z.object({ StorageClass: z.string(), TransitionInDays: z.number() }))
          .optional(),
      }),
    ),
  }),
});

/** What the bill depends on, read from serverless.yml and infra/*.yml: the example's stack, as it would be with one foundation. */
export async function exampleFacts(now: Date): Promise<StackFacts> {
  const { configuration, archiveRuns } = await readDeployable(EXAMPLE_FILE, now);
  const { deployment, foundations } = configuration;
  const serverless = serverlessSchema.parse(parse(await readFile('serverless.yml', 'utf8')));
  const files = serverless.resources.flatMap(
    (each) => /^\$\{file\((.+)\)\}$/.exec(String(each))?.[1] ?? [],
  );
  const fragments = await Promise.all(
    files.map(async (file) => fragmentSchema.safeParse(parse(await readFile(file, 'utf8')))),
  );
  const resources = fragments.flatMap(({ data }) => Object.entries(data?.Resources ?? {}));
  const count = (type: string): number => resources.filter(([, { Type }]) => Type === type).length;
  const alarmMetrics = (count: number): number =>
    Object.values(
      alarmResources(deployment.stackName, foundations.slice(0, count), 'w', archiveRuns),
    ).reduce((sum, { Properties }) => sum + metricsOf(Properties), 0);
  const bucket = bucketSchema.parse(
    resources.find(([id]) => id === 'ArchiveBucket')?.[1].Properties,
  );
  const after = (storageClass: string): number =>
    bucket.LifecycleConfiguration.Rules.flatMap(({ Transitions = [] }) => Transitions).find(
      ({ StorageClass }) => StorageClass === storageClass,
    )?.TransitionInDays ?? Number.POSITIVE_INFINITY;
  const { functions } = serverless;
  const gb = (name: (typeof FUNCTION_NAMES)[number]): number => functions[name].memorySize / 1024;
  return {
    archiveRuns: runsAMonth(deployment.archiveSchedule),
    digestRuns: runsAMonth(deployment.digestSchedule),
    memoryGb: {
      archive: gb('archive'),
      'archive-day': gb('archive-day'),
      digest: gb('digest'),
      query: gb('query'),
    },
    diskGb: (functions['archive-day'].ephemeralStorageSize - FREE_DISK_MB) / 1024,
    infrequentAfterDays: after('STANDARD_IA'),
    instantAfterDays: after('GLACIER_IR'),
    keys: count('AWS::KMS::Key'),
    // The foundation's is made by the operator.
    secrets: count('AWS::SecretsManager::Secret') + 1,
    metrics: FOUNDATION_METRICS.length,
    alarmMetrics: alarmMetrics(1),
    foundationAlarmMetrics: alarmMetrics(2) - alarmMetrics(1),
    dashboards: 1,
  };
}

/** An alarm on a sum is priced by the metrics in it. */
const metricsOf = ({ Metrics }: Readonly<Record<string, unknown>>): number =>
  z
    .array(z.object({ MetricStat: z.unknown().optional() }))
    .optional()
    .parse(Metrics)
    ?.filter(({ MetricStat }) => MetricStat !== undefined).length ?? 1;

const runsAMonth = (expression: string): number =>
  Math.round(scheduleRuns(checkedSchedule(expression), 'UTC', ANY_DAY).runsAMonth);
