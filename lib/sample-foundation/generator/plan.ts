import type { EventRecord, Micros } from '../records.ts';
import { dayNumber } from './calendar.ts';
import { dayOfSlice, type Pace, sliceNumber } from './pace.ts';
import type { WrittenEvent } from './scene.ts';

/** Events that are planned and not yet given out, and how many each day and slice has so far. Slices are asked for in order. */
export class Plan {
  readonly #from: Micros;
  readonly #to: Micros;
  readonly #pace: Pace;
  readonly #waiting = new Map<number, WrittenEvent[]>();
  readonly #bySlice = new Map<number, number>();
  readonly #byDay = new Map<number, number>();
  #slice = -Infinity;
  #day = -Infinity;
  /** Events of the current day from its start to the end of the current slice. */
  #reached = 0;

  constructor(from: Micros, to: Micros, pace: Pace) {
    this.#from = from;
    this.#to = to;
    this.#pace = pace;
  }

  /** Whether the day lacks events, counted to the end of this slice. */
  wants(slice: number): boolean {
    if (slice !== this.#slice) this.#enter(slice);
    if (this.#reached >= this.#pace.quotaUntil(slice)) return false;
    return (this.#byDay.get(this.#day) ?? 0) < this.#pace.quota(this.#day);
  }

  /**
   * Take the events of one action, but for those after the end of the period. False, and nothing is taken, where there are none, or some day would
   * get more than its quota (a day to come: more than half).
   *
   * @param trimmed - take as many as fit, the first ones
   */
  take(written: readonly WrittenEvent[], trimmed: boolean): boolean {
    const added = new Map<number, number>();
    const taken: WrittenEvent[] = [];
    for (const each of written) {
      const { created_at } = each.event;
      if (created_at < this.#from || created_at >= this.#to) continue;
      const day = dayNumber(created_at);
      const count = (added.get(day) ?? 0) + 1;
      if ((this.#byDay.get(day) ?? 0) + count > this.#room(day, trimmed)) {
        if (trimmed) continue;
        return false;
      }
      added.set(day, count);
      taken.push(each);
    }
    for (const each of taken) this.#keep(each);
    for (const [day, count] of added) this.#byDay.set(day, (this.#byDay.get(day) ?? 0) + count);
    return taken.length > 0;
  }

  /** The events of this slice, by the instant of their INSERT. */
  give(slice: number): EventRecord[] {
    const events = this.#waiting.get(slice) ?? [];
    this.#waiting.delete(slice);
    return events.sort((a, b) => a.insertedAt - b.insertedAt).map(({ event }) => event);
  }

  /** What is inserted after the period, by transactions that began in it. */
  *giveRest(): Generator<EventRecord> {
    for (const slice of [...this.#waiting.keys()].sort((a, b) => a - b)) yield* this.give(slice);
  }

  #enter(slice: number): void {
    this.#slice = slice;
    const day = dayOfSlice(slice);
    if (day !== this.#day) {
      this.#byDay.delete(this.#day);
      this.#day = day;
      this.#reached = 0;
    }
    this.#reached += this.#bySlice.get(slice) ?? 0;
    this.#bySlice.delete(slice);
  }

  #room(day: number, trimmed: boolean): number {
    const quota = this.#pace.quota(day);
    return trimmed || day <= this.#day ? quota : quota / 2;
  }

  #keep(written: WrittenEvent): void {
    const slice = sliceNumber(written.event.created_at);
    if (slice <= this.#slice) this.#reached += 1;
    else this.#bySlice.set(slice, (this.#bySlice.get(slice) ?? 0) + 1);
    const insertSlice = sliceNumber(written.insertedAt);
    const waiting = this.#waiting.get(insertSlice);
    if (waiting === undefined) this.#waiting.set(insertSlice, [written]);
    else waiting.push(written);
  }
}
