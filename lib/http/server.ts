import { dayOf } from '../domain/day.ts';
import { limitConcurrency } from '../domain/limiter.ts';
import type { Visibility } from '../domain/visibility.ts';
import { DayCounts } from '../query/day-counts.ts';
import { GroupMemory } from '../query/group-memory.ts';
import type { SearchContext } from '../query/search-events.ts';
import { DailyScans } from './daily-scans.ts';
import { HourlyQuestions } from './hourly-questions.ts';
import type { HttpOptions, HttpPorts } from './ports.ts';
import { UserSlots } from './user-slots.ts';

/** How long an answer may take: a page, or a whole export. */
export type Patience = 'page' | 'export';

/** Questions that are answered at once, whoever asks them. Exports take long: no page waits for them. */
const AT_ONCE: Readonly<Record<Patience, number>> = { page: 16, export: 4 };

/** What the routes share, and what is remembered between questions. */
export interface HttpServer {
  readonly ports: HttpPorts;
  readonly options: HttpOptions;
  readonly slots: UserSlots;
  readonly turns: Readonly<Record<Patience, ReturnType<typeof limitConcurrency>>>;
  readonly scans: DailyScans;
  readonly questions: HourlyQuestions;
  readonly counts: DayCounts;
  readonly groups: GroupMemory;
}

export const createServer = (ports: HttpPorts, options: HttpOptions): HttpServer => ({
  ports,
  options,
  slots: new UserSlots(options.questionsPerUser),
  turns: { page: limitConcurrency(AT_ONCE.page), export: limitConcurrency(AT_ONCE.export) },
  scans: new DailyScans(options.dailyScanBytes),
  questions: new HourlyQuestions(options.questionsPerHour),
  counts: new DayCounts(),
  groups: new GroupMemory(),
});

/** @param subject - whose cursors are taken */
export const contextOf = (
  { ports }: HttpServer,
  now: Date,
  visibility: Visibility,
  subject: string,
  signal: AbortSignal,
): SearchContext => ({ ...ports.archive(), today: dayOf(now), visibility, subject, signal });
