import type { Day } from '../domain/day.ts';
import type { DeploymentDocument } from './deployment-document.ts';

/** What the stack is made from. */
export interface DeploymentConfiguration {
  readonly stage: string;
  /** Name of the CloudFormation stack, and what names of its parts begin with: `cf-audit-archive-<stage>`. */
  readonly stackName: string;
  readonly region: string;
  /** Default retention of the bucket's Object Lock. */
  readonly lock: { readonly mode: 'governance' | 'compliance'; readonly years: number };
  /** Expressions of EventBridge Scheduler, meant in `timeZone`. */
  readonly archiveSchedule: string;
  readonly digestSchedule: string;
  readonly timeZone: string;
  readonly alarmEmail: string | undefined;
  /** First day that the table shows. */
  readonly firstDay: Day;
  readonly archiveDayConcurrency: number;
  readonly architecture: 'arm64' | 'x86_64';
}

export const stackNameOf = (stage: string): string => `cf-audit-archive-${stage}`;

export const deploymentConfiguration = (written: DeploymentDocument): DeploymentConfiguration => ({
  stage: written.stage,
  stackName: stackNameOf(written.stage),
  region: written.region,
  lock: written.lock,
  archiveSchedule: written.archive_schedule,
  digestSchedule: written.digest_schedule,
  timeZone: written.time_zone,
  alarmEmail: written.alarm_email,
  firstDay: written.first_day,
  archiveDayConcurrency: written.archive_day_concurrency,
  architecture: written.architecture,
});
