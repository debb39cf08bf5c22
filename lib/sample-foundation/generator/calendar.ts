import type { Micros } from '../records.ts';

export const SECOND = 1_000_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const microsOf = (instant: Date): Micros => instant.getTime() * 1000;

/** Whole days since the Unix epoch, UTC. */
export const dayNumber = (at: Micros): number => Math.floor(at / DAY);

/** The 1970-01-01 was a Thursday. */
export const isWeekend = (day: number): boolean => (day + 4) % 7 === 0 || (day + 4) % 7 === 6;

/** `2026-11-21T00:36:03Z`, the way Cloud Controller writes an instant. */
export const isoSecond = (at: Micros): string =>
  `${new Date(Math.floor(at / SECOND) * 1000).toISOString().slice(0, 19)}Z`;

/** How busy an office is in each hour of its local day; 1 is full. */
const OFFICE_HOURS = [
  0, 0, 0, 0, 0, 0, 0.02, 0.2, 0.75, 1, 1, 0.95, 0.55, 0.85, 1, 1, 0.9, 0.6, 0.2, 0.08, 0.04, 0.02,
  0, 0,
];

/** How likely someone with this offset from UTC (in minutes) is at work, in [0, 1]. */
export function officeActivity(at: Micros, offsetMinutes: number): number {
  const local = at + offsetMinutes * MINUTE;
  const day = dayNumber(local);
  const hour = Math.floor((local - day * DAY) / HOUR);
  const busy = OFFICE_HOURS[hour] ?? 0;
  return isWeekend(day) ? busy * 0.03 : busy;
}
