import { z } from 'zod';
import { daySchema } from './day.ts';
import { foundationNameSchema } from './foundation.ts';
import { manifestStatusSchema } from './manifest.ts';

export const RUN_REPORT_FORMAT = 'cf-audit-archive/run/v1';

const instantText = z.iso.datetime();
const count = z.int().nonnegative();

/**
 * What existed and is nowhere now.
 *
 * `left_unread`: the day left retention before any run could store it. `vanished`: events of a day not stored by the record of the last run, which that run counted, and which neither the source nor the archive has now.
 */
export const lossSchema = z.object({
  kind: z.enum(['left_unread', 'vanished']),
  dt: daySchema,
  /** Half-open range in which the lost events lay. */
  from: instantText,
  to: instantText,
  /** How many; null when nobody ever counted them. */
  events: count.nullable(),
  /** Instant of the run that last saw them; null when none did. */
  last_seen_at: instantText.nullable(),
});
export type Loss = z.infer<typeof lossSchema>;

/** One day as one run found and left it. */
export const runDaySchema = z.object({
  dt: daySchema,
  /** `open`: counted only. `postponed`: left to another run, because this one's time was over or because it reads no day. `skipped`: the run was not asked to look at it, or ended before it could. */
  result: z.enum(['archived', 'unchanged', 'open', 'failed', 'postponed', 'skipped']),
  /** Status of the revision that this run stored; null when it stored none. */
  status: manifestStatusSchema.nullable(),
  /** Events that the source counts in the day's window; null when it was not asked or did not answer. */
  at_source: count.nullable(),
  /** When it counted them. */
  counted_at: instantText.nullable(),
  /** The newest count that is known, this run's or an earlier one's: what a later run judges losses by. */
  last_counted: z.object({ events: count, at: instantText }).nullable(),
  /** Events that the archive holds of the day when the run has done with it; null when the day has no manifest. */
  archived: count.nullable(),
  added: count,
  /** Whether the day was read in full, by this run or an earlier one, because it is about to leave retention. */
  final_check: z.boolean(),
  /** Events that the archive has and the source, still inside retention, no longer counts. */
  deleted_at_source: count,
  /** Which ones, ascending, as far as a full read could name them; at most 10,000. */
  deleted_guids: z.array(z.string()),
  /** GUIDs of events stored by this run whose exact bytes had to be kept in `extra._raw`; at most 10,000. */
  unrepresentable_guids: z.array(z.string()),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});
export type RunDay = z.infer<typeof runDaySchema>;

/**
 * `runs/v1/foundation=<f>/dt=<day of the run>/<instant>-<random>.json`: what one run looked at and found, written once at its end, also when all is well. Instants are UTC.
 */
export const runReportSchema = z.object({
  format: z.literal(RUN_REPORT_FORMAT),
  foundation: foundationNameSchema,
  api: z.url(),
  tool: z.string(),
  started_at: instantText,
  finished_at: instantText,
  retention_days: z.int().positive(),
  settle_seconds: count,
  /** `created_at` of the oldest event at the source; null when it has none. */
  oldest_at_source: instantText.nullable(),
  /** Ascending by day, gap-free: every closed day in retention and every open one up to the run. */
  days: z.array(runDaySchema),
  /** Losses that this run found; earlier ones stand in earlier reports. */
  losses: z.array(lossSchema),
  /** Why the run ended before its days were done; null when it did not. */
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});
export type RunReport = z.infer<typeof runReportSchema>;

/** The report's exact bytes. */
export const runReportBytes = (report: RunReport): Uint8Array =>
  new TextEncoder().encode(`${JSON.stringify(report, null, 2)}\n`);
