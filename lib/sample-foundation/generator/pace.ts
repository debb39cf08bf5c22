import type { Micros } from '../records.ts';
import { DAY, dayNumber, isWeekend, MINUTE, officeActivity } from './calendar.ts';
import { OFFICE_OFFSETS } from './people.ts';
import type { Random } from './random.ts';

/** Events are planned five minutes by five minutes. */
export const SLICE = 5 * MINUTE;
export const SLICES_A_DAY = DAY / SLICE;

/** How many events each day and each of these slices should hold. */
export interface Pace {
  /** Of the part of this UTC day that lies in the period. */
  quota(day: number): number;
  /** Of the quota, from the day's start to the end of this slice. */
  quotaUntil(slice: number): number;
  /** People at work, in [0, 1]. */
  office(slice: number): number;
}

export interface PaceOptions {
  readonly from: Micros;
  readonly to: Micros;
  readonly eventsPerDay: number;
  readonly exactly: boolean;
}

/** A weekday has 1.2 times the average and a day of the weekend half of it, give or take 5 %; exactly the average when so asked. */
export function paceOf(random: Random, options: PaceOptions): Pace {
  const { from, to, eventsPerDay, exactly } = options;
  const days = new Map<number, { quota: number; shares: number[] }>();

  /** Shares of a day, cumulated; 1 at the end of a day that lies in the period whole. */
  const dayOf = (day: number) => {
    let known = days.get(day);
    if (known === undefined) {
      const shares: number[] = [];
      let all = 0;
      let inside = 0;
      for (let slice = day * SLICES_A_DAY; slice < (day + 1) * SLICES_A_DAY; slice += 1) {
        const share = 1 + 2 * officeAt(slice);
        const overlap = Math.min(to, (slice + 1) * SLICE) - Math.max(from, slice * SLICE);
        all += share;
        inside += share * Math.max(0, overlap / SLICE);
        shares.push(inside);
      }
      const factor = exactly
        ? 1
        : (isWeekend(day) ? 0.5 : 1.2) * (0.95 + random.fork(`day ${day}`).unit() / 10);
      known = {
        quota: Math.round((eventsPerDay * factor * inside) / all),
        shares: shares.map((share) => (inside === 0 ? 0 : share / inside)),
      };
      days.set(day, known);
      days.delete(day - 3);
    }
    return known;
  };

  return {
    quota: (day) => dayOf(day).quota,
    quotaUntil: (slice) => {
      const day = Math.floor(slice / SLICES_A_DAY);
      const { quota, shares } = dayOf(day);
      return Math.round(quota * (shares[slice - day * SLICES_A_DAY] ?? 1));
    },
    office: officeAt,
  };
}

function officeAt(slice: number): number {
  const middle = slice * SLICE + SLICE / 2;
  let sum = 0;
  for (const offset of OFFICE_OFFSETS) sum += officeActivity(middle, offset);
  return sum / OFFICE_OFFSETS.length;
}

export const sliceNumber = (at: Micros): number => Math.floor(at / SLICE);
export const dayOfSlice = (slice: number): number => dayNumber(slice * SLICE);
