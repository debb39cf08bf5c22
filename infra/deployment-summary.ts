import { plural } from '../lib/cli/words.ts';
import { parseArchiveUrl } from '../lib/domain/archive-url.ts';
import { DAY_MS } from '../lib/domain/day.ts';
import { plusMs } from '../lib/domain/instant.ts';
import type { DeployableConfiguration } from './deployable-configuration.ts';
import { checkedSchedule, isEveryDay, type ScheduleRuns, scheduleRuns } from './schedule-runs.ts';
import { durationWords } from './words.ts';

/** What will be deployed, in a few lines. */
export function deploymentSummary(
  { configuration, archiveRuns }: Pick<DeployableConfiguration, 'configuration' | 'archiveRuns'>,
  now: Date,
): string {
  const { archiveUrl, foundations, deployment } = configuration;
  const location = parseArchiveUrl(archiveUrl);
  const { archiveSchedule, digestSchedule, timeZone } = deployment;
  // The first run queues every closed day that the source still keeps, and the log of questions of each foundation.
  const first = foundations.reduce((sum, { retentionDays }) => sum + retentionDays + 1, 0);
  // Each day is stored once and checked once more before it leaves retention; the log of questions is looked at in each run.
  const monthly = foundations.length * (2 * 30 + Math.round(archiveRuns.runsAMonth));
  const rows: readonly (readonly [string, string])[] = [
    ['stack', `${deployment.stackName} in ${deployment.region}, ${deployment.architecture}`],
    [
      'bucket',
      `${location.kind === 'bucket' ? location.bucket : archiveUrl}, each object locked for ${plural(deployment.lock.years, 'year')} (${deployment.lock.mode})`,
    ],
    ['foundations', foundations.map(({ name }) => name).join(', ')],
    ['archive', scheduleWords(archiveSchedule, timeZone, now)],
    ['digest', scheduleWords(digestSchedule, timeZone, now)],
    ['alarms', deployment.alarmEmail ?? 'to nobody: deployment.alarm_email is left out'],
    [
      'messages',
      `about ${plural(first, 'message')} from the first run, then ${plural(monthly, 'message')} a month`,
    ],
  ];
  return rows.map(([name, text]) => `  ${name.padEnd(13)}${text}`).join('\n');
}

/** More times of a day than these are counted instead of listed. */
const TIMES_LISTED = 6;

/** `every day at 04:15, 16:15 (UTC)`, `every 6 hours`; where it is not that simple, the next run. */
function scheduleWords(expression: string, timeZone: string, now: Date): string {
  const schedule = checkedSchedule(expression);
  if (schedule.kind === 'rate')
    return `every ${durationWords(schedule.everyMs)}, from the deployment on`;
  const runs = scheduleRuns(schedule, timeZone, now);
  const times = isEveryDay(schedule.fields) ? timesOfDay(runs, timeZone, now) : [];
  if (times.length > TIMES_LISTED) return `${times.length} times a day`;
  if (times.length > 0) return `every day at ${times.join(', ')} (${timeZone})`;
  const next = runs.firstFrom(now)?.toISOString().slice(0, 16).replace('T', ' ');
  return `${expression} (${timeZone}), next at ${next} UTC`;
}

/** Ascending. */
function timesOfDay({ firstFrom }: ScheduleRuns, timeZone: string, now: Date): string[] {
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' });
  const times: string[] = [];
  const until = plusMs(now, DAY_MS);
  for (let run = firstFrom(now); run !== undefined && run < until; run = firstFrom(plusMs(run, 1)))
    times.push(clock.format(run));
  return times.sort();
}
