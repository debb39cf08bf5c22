import { METRIC_NAMESPACE } from '../lib/telemetry/metrics-line.ts';
import { RUNBOOK } from './alarms.ts';
import { FUNCTION_NAMES } from './function-names.ts';
import type { Resources } from './resources.ts';

const WIDTH = 12;
const HEIGHT = 6;

type Line = readonly unknown[];

interface Widget {
  readonly title: string;
  readonly lines: readonly Line[];
  readonly stat: 'Sum' | 'Maximum';
  readonly period: number;
}

const HOUR_SECONDS = 3600;

/** One page: are days stored, signed and safe; do the functions run; what is asked and read. */
export function dashboardResources(
  stackName: string,
  foundations: readonly string[],
  workgroup: string,
): Resources {
  const own = (...names: string[]): Line[] =>
    foundations.flatMap((foundation) =>
      names.map((name) => [
        METRIC_NAMESPACE,
        name,
        'foundation',
        foundation,
        { label: names.length === 1 ? foundation : `${foundation} ${name}` },
      ]),
    );
  const ofFunctions = (name: string): Line[] =>
    FUNCTION_NAMES.map((each) => [
      'AWS/Lambda',
      name,
      'FunctionName',
      `${stackName}-${each}`,
      { label: each },
    ]);
  const queue = (name: string): Line => [
    'AWS/SQS',
    'ApproximateNumberOfMessagesVisible',
    'QueueName',
    `${stackName}-${name}`,
    { label: name },
  ];
  const day = 24 * HOUR_SECONDS;
  const widgets: Widget[] = [
    {
      title: 'Age of the newest stored day (days)',
      lines: own('NewestClosedDayAgeDays'),
      stat: 'Maximum',
      period: HOUR_SECONDS,
    },
    {
      title: 'Days at risk, losses, deleted at source',
      lines: own('DaysAtRisk', 'Losses', 'DaysDeletedAtSource'),
      stat: 'Maximum',
      period: HOUR_SECONDS,
    },
    { title: 'Events stored', lines: own('EventsStored'), stat: 'Sum', period: day },
    {
      title: 'Days stored, failed, postponed, queued',
      lines: own('DaysArchived', 'DaysFailed', 'DaysPostponed', 'DaysQueued'),
      stat: 'Sum',
      period: day,
    },
    {
      title: 'Digests: signed, failed',
      lines: own('DigestsSigned', 'DigestsFailed'),
      stat: 'Sum',
      period: day,
    },
    {
      title: 'Age of the newest digest (hours)',
      lines: own('DigestAgeHours'),
      stat: 'Maximum',
      period: HOUR_SECONDS,
    },
    {
      title: 'Runs that saw no day of a foundation',
      lines: own('RunsFailed'),
      stat: 'Sum',
      period: day,
    },
    {
      title: 'Messages waiting, dead letters',
      lines: [
        queue('archive-day.fifo'),
        queue('archive-day-dead-letters.fifo'),
        queue('timer-dead-letters'),
      ],
      stat: 'Maximum',
      period: 300,
    },
    {
      title: 'Errors of functions',
      lines: ofFunctions('Errors'),
      stat: 'Sum',
      period: HOUR_SECONDS,
    },
    {
      title: 'Server errors of the API',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation fills it in.
      lines: [['AWS/ApiGateway', '5xx', 'ApiId', '${HttpApi}', { label: '5xx' }]],
      stat: 'Sum',
      period: HOUR_SECONDS,
    },
    {
      title: 'Slowest run of each function (ms)',
      lines: ofFunctions('Duration'),
      stat: 'Maximum',
      period: HOUR_SECONDS,
    },
    {
      title: 'Bytes read by Athena',
      lines: ['SUCCEEDED', 'FAILED', 'CANCELLED'].map((state) => [
        'AWS/Athena',
        'ProcessedBytes',
        'WorkGroup',
        workgroup,
        'QueryType',
        'DML',
        'QueryState',
        state,
        { label: state },
      ]),
      stat: 'Sum',
      period: day,
    },
    {
      title: 'Questions ended by the cutoff',
      lines: own('AthenaCutoffs'),
      stat: 'Sum',
      period: day,
    },
  ];
  const body = {
    widgets: [
      {
        type: 'text',
        x: 0,
        y: 0,
        width: 2 * WIDTH,
        height: 1,
        properties: { markdown: `**${stackName}**: what each alarm means is in ${RUNBOOK}` },
      },
      ...widgets.map(({ title, lines, stat, period }, index) => ({
        type: 'metric',
        x: (index % 2) * WIDTH,
        y: 1 + Math.floor(index / 2) * HEIGHT,
        width: WIDTH,
        height: HEIGHT,
        properties: {
          title,
          metrics: lines,
          stat,
          period,
          // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation fills it in.
          region: '${AWS::Region}',
          view: 'timeSeries',
        },
      })),
    ],
  };
  return {
    Dashboard: {
      Type: 'AWS::CloudWatch::Dashboard',
      Properties: { DashboardName: stackName, DashboardBody: { 'Fn::Sub': JSON.stringify(body) } },
    },
  };
}
