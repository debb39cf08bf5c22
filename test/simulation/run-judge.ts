import type { FoundationResult } from '../../lib/archive/archive-foundation.ts';
import type { DayResult } from '../../lib/archive/describe-run.ts';
import {
  type ArchivePolicy,
  isExpiring,
  isFinalCheckDue,
} from '../../lib/domain/archive-policy.ts';
import type { Day } from '../../lib/domain/day.ts';
import type { ArchiveLedger } from './archive-ledger.ts';
import { type Archiver, seenOf } from './archiver.ts';
import { type FoundationHistory, isVisible, type SimulatedEvent } from './foundation-history.ts';
import { must } from './violation.ts';

/** A run that came to its end, and what an omniscient judge knows of it. Instants are true time. */
export interface FinishedRun {
  readonly archiver: Archiver;
  readonly result: FoundationResult;
  /** What its clock said when it began. */
  readonly startedAt: Date;
  readonly begun: number;
  readonly ended: number;
  /** Events that the archive held of each day when it began. */
  readonly heldBefore: ReadonlyMap<Day, number>;
}

type DoneDay = Extract<DayResult, { kind: 'archived' | 'unchanged' }>;

/**
 * Judge what a run says of the days it has done, against the history of the foundation.
 *
 * A day that was read in full: every event that the source showed from the first page of the read to the last is stored. (One that appears or disappears during the read may be in it or not; the next count tells.)
 * A day that was only counted: the archive holds as many events as the source showed, and those that the report calls deleted. Equal counts can hide a swap: then as many events are missing here as vanished there unreported,
 * until the day is read once more before it leaves retention. So: whatever had been visible since before the last full read is stored.
 */
export class RunJudge {
  readonly #history: FoundationHistory;
  readonly #ledger: ArchiveLedger;
  readonly #policy: ArchivePolicy;
  /** When the newest full read of each day began. */
  readonly #readSince = new Map<Day, number>();

  constructor(history: FoundationHistory, ledger: ArchiveLedger, policy: ArchivePolicy) {
    this.#history = history;
    this.#ledger = ledger;
    this.#policy = policy;
  }

  judge(run: FinishedRun): void {
    for (const day of run.result.days) {
      if (day.kind === 'archived' || day.kind === 'unchanged') this.#judgeDay(run, day);
    }
  }

  #judgeDay(run: FinishedRun, result: DoneDay): void {
    const { day } = result;
    const seen = seenOf(run.archiver, day);
    const stored = this.#ledger.storedOf(day);
    const about = (what: string) => () =>
      `${day}, run of ${run.startedAt.toISOString()} (${result.kind}): ${what}`;
    const heldBefore = run.heldBefore.get(day) ?? 0;
    must(
      result.events >= heldBefore && result.events <= stored.size,
      'counts',
      about(`reports ${result.events} archived, ${heldBefore} to ${stored.size} were`),
    );
    const wasRead = seen.readUntil !== undefined;
    const since = seen.readSince ?? seen.counted?.at ?? run.begun;
    const until = seen.readUntil ?? seen.counted?.at ?? run.ended;
    if (wasRead) this.#readSince.set(day, Math.max(since, this.#readSince.get(day) ?? 0));
    const readSince = this.#readSince.get(day);
    const missing = this.#history
      .visibleOfDay(day, until)
      .filter(({ guid, committedAt }) => !stored.has(guid) && committedAt <= (readSince ?? 0));
    must(
      missing.length === 0,
      'incomplete',
      about(`${names(missing)} visible since before the day was read, and not stored`),
    );
    this.#judgeCounts(result, { since, until, wasRead, about });
    must(
      !isFinalCheckDue(day, run.startedAt, this.#policy) || result.finalCheck,
      'final check',
      about('about to leave retention, and not read in full'),
    );
  }

  #judgeCounts(
    result: DoneDay,
    {
      since,
      until,
      wasRead,
      about,
    }: {
      since: number;
      until: number;
      wasRead: boolean;
      about: (what: string) => () => string;
    },
  ): void {
    const { day, counted } = result;
    const stable = this.#history
      .visibleOfDay(day, since)
      .filter((event) => isVisible(event, until));
    const ever = this.#history
      .ofDay(day)
      .filter(({ committedAt, deletedAt }) => committedAt <= until && deletedAt > since);
    must(
      counted.events >= stable.length && counted.events <= ever.length,
      'counts',
      about(`reports ${counted.events} at the source, ${stable.length} to ${ever.length} were`),
    );
    if (!wasRead && since === until) {
      must(
        counted.events <= result.events,
        'incomplete',
        about(`${counted.events} at the source, ${result.events} archived, and not read`),
      );
    }
  }
}

export const names = (events: readonly SimulatedEvent[]): string =>
  events.map(({ guid }) => guid).join(', ');

export const isExpiringAt = (day: Day, at: number, policy: ArchivePolicy): boolean =>
  isExpiring(day, new Date(at), policy);
