import { z } from 'zod';
import { type Day, daySchema } from '../domain/day.ts';
import { expected, text, wholeNumber } from './expected.ts';
import { parseSchedule } from './schedule-expression.ts';

const STAGE_FORM = '1 to 16 of a-z, 0-9 and -, beginning with a letter';
const REGION_FORM = 'a region of AWS, such as eu-central-1';
const LOCK_MODE_FORM =
  'governance (who has s3:BypassGovernanceRetention may delete) or compliance (nobody may, not even the account)';
const FIRST_DAY_FORM = 'the first day of the archive, YYYY-MM-DD';
const TIME_ZONE_FORM = 'a time zone, such as UTC or Europe/Berlin';

const scheduleSchema = text('an expression such as cron(15 4 * * ? *)').superRefine(
  (expression, context) => {
    const schedule = parseSchedule(expression);
    if ('problem' in schedule) context.addIssue(schedule.problem);
  },
);

const timeZoneSchema = z.string(expected(TIME_ZONE_FORM)).refine((name) => {
  // A bare offset is no name of the IANA database, and Node takes names in any case.
  if (!/^[A-Z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}, expected(TIME_ZONE_FORM));

/**
 * How the archive is put into an AWS account: what `npm run deploy` makes of it is one CloudFormation stack, `cf-audit-archive-<stage>`.
 *
 * Only the stack reads this section; the program does not.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html for the schedules
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html for the lock
 */
export const deploymentSchema = z.strictObject(
  {
    stage: z
      .string(expected(STAGE_FORM))
      .regex(/^[a-z][a-z0-9-]{0,15}$/, expected(STAGE_FORM))
      .default('prod'),
    region: z
      .string(expected(REGION_FORM))
      .regex(/^[a-z]{2}(-[a-z]+)+-[1-9]$/, expected(REGION_FORM)),
    /** Default retention of every object: it is set when the object is written, and can only be prolonged. */
    lock: z
      .strictObject(
        {
          mode: z
            .enum(['governance', 'compliance'], expected(LOCK_MODE_FORM))
            .default('governance'),
          years: wholeNumber(1, 100).default(7),
        },
        expected('{ mode: governance, years: 7 }'),
      )
      .prefault({}),
    /** When every day of every foundation is looked at. */
    archive_schedule: scheduleSchema.default('cron(15 4/6 * * ? *)'),
    /** When what was written is signed. */
    digest_schedule: scheduleSchema.default('cron(45 5 * * ? *)'),
    /** In which the schedules are meant; days of the archive are UTC whatever it is. */
    time_zone: timeZoneSchema.default('UTC'),
    /** Who is told of alarms; AWS asks there for a confirmation once. */
    alarm_email: z.email(expected('an address of e-mail')).optional(),
    /** First day that the table shows. A day before it stays in the bucket unseen, a day too many costs a listing in questions that reach it. */
    first_day: z
      .string(expected(FIRST_DAY_FORM))
      .refine((day) => daySchema.safeParse(day).success, expected(FIRST_DAY_FORM))
      .transform((day) => day as Day),
    /** Days that are stored at a time, whichever foundations they are of; of one foundation it is always one. */
    archive_day_concurrency: wholeNumber(2, 20).default(2),
    architecture: z.enum(['arm64', 'x86_64'], expected('arm64 or x86_64')).default('arm64'),
  },
  expected('a section with keys such as region and first_day'),
);
export type DeploymentDocument = z.infer<typeof deploymentSchema>;
