import type { FoundationResult } from '../../lib/archive/archive-foundation.ts';
import type { DayResult } from '../../lib/archive/day-result.ts';
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

/** A run that came to its end, and what an omniscient judge knows of it. */
export interface FinishedRun {
  readonly archiver: Archiver;
  readonly result: FoundationResult;
  /** What its clock said when it began. */
  readonly startedAt: Date;
}

type DoneDay = Extract<DayResult, { kind: 'archived' | 'unchanged' }>;

/** One day of a run, and between which instants of true time the run looked at it. */
interface JudgedDay {
  readonly result: DoneDay;
  readonly wasRead: boolean;
  readonly since: number;
  readonly until: number;
  /** Events of the archive: those it held when the run began, and those it holds now. */
  readonly heldBefore: readonly SimulatedEvent[];
  readonly held: readonly SimulatedEvent[];
  readonly expiring: boolean;
  readonly about: (what: string) => () => string;
}

/**
 * Judge what a run says of the days it has done, against the history of the foundation.
 *
 * A day that was read: every event that the source showed from the first page of the read to the last is stored. (One that appears or disappears during the read may be in it or not; the next count tells.)
 * A day that was only counted: the archive holds as many events as the source showed, and those that the report calls deleted. Equal counts can hide a swap: then as many events are missing here as vanished there unreported,
 * until the day is read once more before it leaves retention. So whatever has been visible since before the last full read is stored, and before a day leaves retention there is such a read.
 */
export class RunJudge {
  readonly #history: FoundationHistory;
  readonly #ledger: ArchiveLedger;
  readonly #policy: ArchivePolicy;
  /** When the newest full read of each day began. */
  readonly #readSince = new Map<Day, number>();
  /** Whatever a read of each day could name as deleted; later runs carry it on. */
  readonly #namable = new Map<Day, ReadonlySet<string>>();

  constructor(history: FoundationHistory, ledger: ArchiveLedger, policy: ArchivePolicy) {
    this.#history = history;
    this.#ledger = ledger;
    this.#policy = policy;
  }

  judge(run: FinishedRun): void {
    for (const result of run.result.days) {
      if (result.kind !== 'archived' && result.kind !== 'unchanged') continue;
      const judged = this.#dayOf(run, result);
      this.#judgeComplete(judged);
      this.#judgeCounts(judged);
      this.#judgeDeletions(judged);
      must(
        !isFinalCheckDue(result.day, run.startedAt, this.#policy) || result.finalCheck,
        'final check',
        judged.about('about to leave retention, and not read in full'),
      );
    }
  }

  #dayOf({ archiver, startedAt }: FinishedRun, result: DoneDay): JudgedDay {
    const { day } = result;
    const seen = seenOf(archiver, day);
    // In the order in which they were stored.
    const held = [...this.#ledger.storedOf(day).keys()].flatMap(
      (guid) => this.#history.find(guid) ?? [],
    );
    const wasRead = seen.readUntil !== undefined;
    const since = (wasRead ? seen.readSince : seen.counted?.at) ?? archiver.begun;
    const until = (wasRead ? seen.readUntil : seen.counted?.at) ?? since;
    return {
      result,
      wasRead,
      since,
      until,
      heldBefore: held.slice(0, archiver.heldBefore.get(day)?.events ?? 0),
      held,
      expiring: isExpiring(day, startedAt, this.#policy),
      about: (what) => () => `${day} ${result.kind} by ${archiver.name}: ${what}`,
    };
  }

  #judgeComplete({ result, wasRead, since, until, about }: JudgedDay): void {
    const { day } = result;
    if (wasRead) this.#readSince.set(day, Math.max(since, this.#readSince.get(day) ?? 0));
    const readSince = this.#readSince.get(day) ?? 0;
    const stored = this.#ledger.storedOf(day);
    const missing = this.#history
      .visibleOfDay(day, until)
      .filter(({ guid, committedAt }) => !stored.has(guid) && committedAt <= readSince);
    must(
      missing.length === 0,
      'incomplete',
      about(`${names(missing)} visible since before the day was read, and not stored`),
    );
  }

  #judgeCounts({ result, since, until, heldBefore, held, about }: JudgedDay): void {
    const { day, counted, events } = result;
    must(
      events >= heldBefore.length && events <= held.length,
      'counts',
      about(`reports ${events} archived, ${heldBefore.length} to ${held.length} were`),
    );
    const least = this.#history
      .visibleOfDay(day, since)
      .filter((event) => isVisible(event, until)).length;
    // What was deleted in the very millisecond of the count may have been counted before.
    const most = this.#history
      .ofDay(day)
      .filter(({ committedAt, deletedAt }) => committedAt <= until && deletedAt >= since).length;
    must(
      counted.events >= least && counted.events <= most,
      'counts',
      about(`reports ${counted.events} at the source, ${least} to ${most} were`),
    );
  }

  /** `deleted_at_source` counts, and as far as a full read could see names, what is archived and gone from the source. */
  #judgeDeletions(judged: JudgedDay): void {
    const { result, wasRead, since, until, heldBefore, held, expiring, about } = judged;
    const { day, deletedAtSource, deletedGuids } = result;
    const least = heldBefore.filter(({ deletedAt }) => deletedAt <= since);
    const most = held.filter((e) => e.deletedAt <= until || (wasRead && e.committedAt > since));
    const possible = new Set([
      ...most.map(({ guid }) => guid),
      ...(wasRead ? [] : (this.#namable.get(day) ?? [])),
    ]);
    if (wasRead) this.#namable.set(day, possible);
    must(
      deletedGuids.every((guid) => possible.has(guid)),
      'deletions',
      about(`names ${deletedGuids.join(', ')} as deleted, which were ${names(most)}`),
    );
    must(
      deletedAtSource <= most.length,
      'deletions',
      about(`reports ${deletedAtSource} deleted, ${most.length} were`),
    );
    if (expiring) return;
    if (wasRead) {
      must(
        least.every(({ guid }) => deletedGuids.includes(guid)) && deletedAtSource >= least.length,
        'deletions',
        about(`names ${deletedGuids.join(', ')} as deleted, which were ${names(least)}`),
      );
    } else if (held.length === result.events) {
      const stored = this.#ledger.storedOf(day);
      const swapped = this.#history
        .visibleOfDay(day, until)
        .filter(({ guid }) => !stored.has(guid)).length;
      // What was deleted in the very millisecond of the count may have been counted before.
      const unsure = most.filter(({ deletedAt }) => deletedAt === until).length;
      must(
        deletedAtSource <= most.length - swapped &&
          deletedAtSource >= most.length - unsure - swapped,
        'deletions',
        about(`reports ${deletedAtSource} deleted, ${most.length} were, ${swapped} are missing`),
      );
    }
  }
}

export const names = (events: readonly SimulatedEvent[]): string =>
  events.length === 0 ? 'none' : events.map(({ guid }) => guid).join(', ');
