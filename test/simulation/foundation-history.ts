import { type Day, dayOf, daysFrom } from '../../lib/domain/day.ts';
import type { Window } from '../../lib/domain/window.ts';

/** One audit event with its whole life. Instants are milliseconds of true time, `micros` microseconds. */
export interface SimulatedEvent {
  readonly guid: string;
  readonly type: string;
  readonly data: string;
  /** `created_at` at the source, by which it filters and sorts. */
  readonly micros: number;
  /** UTC day of `micros`. */
  readonly day: Day;
  /** From when it is visible: its transaction committed. */
  committedAt: number;
  /** From when it is gone; infinite while nothing deletes it. */
  deletedAt: number;
  /** Whether it was deleted because of its age. */
  aged: boolean;
}

export const secondOf = (event: SimulatedEvent): number => Math.floor(event.micros / 1_000_000);

export const isVisible = (event: SimulatedEvent, at: number): boolean =>
  event.committedAt <= at && at < event.deletedAt;

/**
 * The events table of one foundation as a history: what it shows at an instant is a function of that instant, so an omniscient judge can ask for any of them.
 */
export class FoundationHistory {
  readonly events: readonly SimulatedEvent[];
  readonly #byDay = new Map<Day, SimulatedEvent[]>();
  readonly #byGuid: ReadonlyMap<string, SimulatedEvent>;

  constructor(events: readonly SimulatedEvent[]) {
    this.events = [...events].sort(
      (a, b) => a.micros - b.micros || (a.guid < b.guid ? -1 : a.guid > b.guid ? 1 : 0),
    );
    this.#byGuid = new Map(this.events.map((event) => [event.guid, event]));
    for (const event of this.events) {
      const day = this.#byDay.get(event.day);
      if (day) day.push(event);
      else this.#byDay.set(event.day, [event]);
    }
  }

  find(guid: string): SimulatedEvent | undefined {
    return this.#byGuid.get(guid);
  }

  /** Every event that the day ever has, in the source's order. */
  ofDay(day: Day): readonly SimulatedEvent[] {
    return this.#byDay.get(day) ?? [];
  }

  visibleOfDay(day: Day, at: number): SimulatedEvent[] {
    return this.ofDay(day).filter((event) => isVisible(event, at));
  }

  /** What a query of the window returns at an instant, ordered by `created_at` and then `guid`. */
  visibleIn(window: Window, at: number, closed = false): SimulatedEvent[] {
    const from = window.from.getTime() / 1000;
    const to = window.to.getTime() / 1000 + (closed ? 1 : 0);
    return daysFrom(dayOf(window.from), dayOf(window.to)).flatMap((day) =>
      this.ofDay(day).filter((event) => {
        const second = secondOf(event);
        return second >= from && second < to && isVisible(event, at);
      }),
    );
  }

  oldest(at: number): SimulatedEvent | undefined {
    return this.events.find((event) => isVisible(event, at));
  }

  /** Cloud Controller's clean-up: rows older than the cutoff go in batches, in no stated order, over some minutes. */
  cleanUp(at: number, cutoff: number, delay: () => number): void {
    for (const event of this.events) {
      if (event.micros >= cutoff * 1000) break;
      if (!isVisible(event, at)) continue;
      const gone = at + delay();
      if (gone < event.deletedAt) {
        event.deletedAt = gone;
        event.aged = true;
      }
    }
  }

  truncate(at: number): void {
    for (const event of this.events) if (isVisible(event, at)) event.deletedAt = at;
  }
}
