import { DAY_MS, type Day, windowOf } from '../../lib/domain/day.ts';
import {
  type Loss,
  type RunDay,
  type RunReport,
  runReportSchema,
} from '../../lib/domain/run-report.ts';
import type { ArchiveLedger } from './archive-ledger.ts';
import { type Archiver, seenOf } from './archiver.ts';
import type { FoundationHistory, SimulatedEvent } from './foundation-history.ts';
import { names } from './run-judge.ts';
import { must } from './violation.ts';

/** When the newest count of a day that a report knows was taken: in true time, and by the clock of who took it. */
interface KnownCount {
  readonly at: number;
  readonly clock: number;
  /** Up to which instant of `created_at`, exclusive. */
  readonly to: number;
  readonly events: number;
}

interface KnownReport {
  readonly report: RunReport;
  readonly counts: ReadonlyMap<Day, KnownCount>;
}

/** One day that the archive had not stored by the record of the run before. */
interface UnstoredDay {
  readonly day: Day;
  /** Whether the archive held anything of it when the run began. */
  readonly held: boolean;
  /** The same, or another run stored it meanwhile. */
  readonly heldByOthers: boolean;
  /** Whether the source may have begun to delete the day because of its age. */
  readonly expiring: boolean;
  readonly losses: readonly Loss[];
  readonly known: KnownCount | undefined;
  /** Events that the count saw, and that are nowhere: at least, at most. */
  readonly least: readonly SimulatedEvent[];
  readonly most: readonly SimulatedEvent[];
  /** Events that came since and are of the range that was counted, or that only the archive still has: they hide as many. */
  readonly hiding: readonly SimulatedEvent[];
}

/**
 * Judge the losses that a run reports, at the moment its report is stored.
 *
 * A loss of `n` events: of the events that the newest earlier count of an unstored day saw, exactly `n` are neither at the source nor in the archive. Counts are all there is to see it by, so an event that became visible later, although it was created before the count, hides one that vanished;
 * and so does, when another run stored the day meanwhile, an event that the source has deleted since.
 * What another run stores between the last look of this one at the day and its report, the report cannot know.
 * A loss of unknown size: the day, or its beginning, had left retention, was not stored, and was never counted after its end.
 * And the other way round: what an earlier count saw and what is nowhere now is reported by the first run that looks. One case is left out: a run stored the day without those events and died before its report,
 * and before the next run the day began to leave retention, so that nobody can tell which of the events that the source no longer has are the archive's.
 */
export class LossJudge {
  readonly #history: FoundationHistory;
  readonly #ledger: ArchiveLedger;
  readonly #reports = new Map<string, KnownReport>();

  constructor(history: FoundationHistory, ledger: ArchiveLedger) {
    this.#history = history;
    this.#ledger = ledger;
  }

  /** Days of which any report tells a loss. */
  daysReported(): ReadonlySet<Day> {
    return new Set(
      [...this.#reports.values()].flatMap(({ report }) => report.losses.map(({ dt }) => dt)),
    );
  }

  /** @param at - true time */
  onReport(archiver: Archiver, key: string, bytes: Uint8Array, at: number): void {
    const report = runReportSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
    const before = this.#reports.get(archiver.reportRead ?? '');
    this.#reports.set(key, { report, counts: countsOf(archiver, report, before) });
    const about = (day: Day, what: string) => () => `${day}, report of ${archiver.name}: ${what}`;
    for (const { dt } of report.losses) {
      must(before !== undefined, 'false loss', about(dt, 'nobody looked before'));
    }
    if (before === undefined) return;
    const first = report.days[0]?.dt;
    const days = new Set([...before.report.days, ...report.days].map(({ dt }) => dt));
    for (const { dt } of report.losses) days.add(dt);
    for (const day of days) {
      const record = before.report.days.find(({ dt }) => dt === day);
      if (record !== undefined && record.archived !== null) {
        const reported = report.losses.some(({ dt }) => dt === day);
        must(!reported, 'false loss', about(day, 'the day was stored'));
        continue;
      }
      const unstored = this.#unstoredDay(archiver, report, before, day, at);
      const looked =
        (first !== undefined && day < first) ||
        report.days.some((each) => each.dt === day && movesOn(each));
      this.#judgeReported(unstored, report, about);
      if (looked) this.#judgeUnreported(unstored, about);
    }
  }

  #unstoredDay(
    archiver: Archiver,
    report: RunReport,
    before: KnownReport,
    day: Day,
    at: number,
  ): UnstoredDay {
    const known = before.counts.get(day);
    const stored = this.#ledger.storedOf(day);
    // What was deleted in the very millisecond of the count may have been counted before.
    const seen = this.#history
      .ofDay(day)
      .filter(
        ({ committedAt, deletedAt, micros }) =>
          known !== undefined &&
          committedAt <= known.at &&
          deletedAt >= known.at &&
          micros / 1000 < known.to,
      );
    const lastLook = archiver.seen.get(day)?.listedAt;
    const storedInTime = this.#ledger.storedBy(day, lastLook ?? at);
    const gone = seen.filter(({ deletedAt }) => deletedAt <= at);
    const most = gone.filter(({ guid }) => !storedInTime.has(guid));
    const nowhere = gone.filter(({ guid }) => !stored.has(guid));
    return {
      day,
      held: archiver.heldBefore.has(day),
      heldByOthers:
        archiver.heldBefore.has(day) ||
        report.days.some(({ dt, result }) => dt === day && result === 'unchanged'),
      expiring: windowOf(day).from.getTime() < cutoffOf(report),
      known,
      losses: report.losses.filter(({ dt }) => dt === day),
      most,
      least: nowhere.filter(
        ({ deletedAt }) => deletedAt <= archiver.begun && deletedAt !== known?.at,
      ),
      hiding: this.#history
        .ofDay(day)
        .filter(
          ({ guid, committedAt, micros, deletedAt }) =>
            known !== undefined &&
            ((committedAt > known.at &&
              committedAt <= at &&
              deletedAt > archiver.begun &&
              micros / 1000 < known.to) ||
              (stored.has(guid) && deletedAt <= at)),
        ),
    };
  }

  #judgeReported(
    { day, held, losses, known, least, most, hiding }: UnstoredDay,
    report: RunReport,
    about: (day: Day, what: string) => () => string,
  ): void {
    for (const { events, to } of losses) {
      if (events !== null) {
        must(
          events <= most.length && events >= least.length - hiding.length,
          'wrong loss',
          about(day, `reports ${events} lost, which were ${names(most)}; ${hiding.length} hide`),
        );
        continue;
      }
      must(!held, 'false loss', about(day, 'left unread, but stored'));
      const cutoff = cutoffOf(report);
      must(
        windowOf(day).from.getTime() < cutoff && Date.parse(to) <= cutoff,
        'false loss',
        about(day, `had not left retention, which began at ${new Date(cutoff).toISOString()}`),
      );
      must(
        known === undefined || known.clock < windowOf(day).to.getTime(),
        'false loss',
        about(day, `had been counted after its end: ${known?.events} events`),
      );
    }
  }

  #judgeUnreported(
    { day, heldByOthers, expiring, losses, known, least, hiding }: UnstoredDay,
    about: (day: Day, what: string) => () => string,
  ): void {
    if (heldByOthers && expiring) return;
    must(
      losses.length > 0 || least.length <= hiding.length,
      'silent loss',
      about(
        day,
        `${names(least)} seen among ${known?.events} and nowhere now; ${hiding.length} hide`,
      ),
    );
  }
}

const cutoffOf = (report: RunReport): number =>
  Date.parse(report.started_at) - report.retention_days * DAY_MS;

/** Whether a run looked at a day so that the count before is done with. Of two counts in one second, the numbers tell which is on record. */
const movesOn = ({
  at_source,
  counted_at,
  last_counted,
}: Pick<RunDay, 'at_source' | 'counted_at' | 'last_counted'>) =>
  counted_at !== null &&
  last_counted?.at === counted_at &&
  (at_source === null || at_source === last_counted.events);

/** True times of the counts that a report knows: its own, and those it carries on. */
function countsOf(
  archiver: Archiver,
  report: RunReport,
  before: KnownReport | undefined,
): ReadonlyMap<Day, KnownCount> {
  const counts = new Map<Day, KnownCount>();
  for (const { dt, result, at_source, counted_at, last_counted } of report.days) {
    if (last_counted === null) continue;
    const carried = before?.counts.get(dt);
    if (counted_at === null || !movesOn({ at_source, counted_at, last_counted })) {
      if (carried) counts.set(dt, carried);
      continue;
    }
    const seen = seenOf(archiver, dt);
    const clock = Date.parse(counted_at);
    const end = windowOf(dt).to.getTime();
    const readAt = result === 'archived' ? seen.readUntil : undefined;
    // Of several counts the one up to the instant that is on record.
    const until = Math.min(clock, end);
    const counted = seen.counts.findLast((each) => each.to === until) ?? seen.counted;
    const at = readAt ?? counted?.at;
    if (at === undefined) continue;
    const to = readAt === undefined ? (counted?.to ?? end) : end;
    counts.set(dt, { at, clock, to, events: last_counted.events });
  }
  return counts;
}
