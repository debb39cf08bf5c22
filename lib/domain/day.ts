import { z } from 'zod';
import type { Window } from './window.ts';

/** A UTC calendar day, `YYYY-MM-DD`. Events are partitioned by the day by which Cloud Controller filters them. */
export const daySchema = z.iso.date().brand<'Day'>();
export type Day = z.infer<typeof daySchema>;

/** Days before it have no name of ten characters. */
export const FIRST_INSTANT = new Date('0000-01-01T00:00:00Z');

export const DAY_MS = 86_400_000;

/** Length of `YYYY-MM-DDThh:mm:ss.sssZ`; years before 0 and after 9999 have more digits, and no day here. */
const INSTANT_LENGTH = 24;

export const dayOf = (instant: Date): Day => {
  const text = instant.toISOString();
  // A date prints valid days only: to look at each again would be most of the work of listing years of them.
  return text.length === INSTANT_LENGTH
    ? (text.slice(0, 10) as Day)
    : daySchema.parse(text.slice(0, 10));
};

export const startOf = (day: Day): Date => new Date(`${day}T00:00:00.000Z`);

export const nextDay = (day: Day): Day => dayOf(new Date(startOf(day).getTime() + DAY_MS));

/** The day's `[00:00:00Z, next day's 00:00:00Z)`. */
export const windowOf = (day: Day): Window => ({ from: startOf(day), to: startOf(nextDay(day)) });

/** Every day from `first` to `last`, both included; empty when `first` is later. */
export function daysFrom(first: Day, last: Day): Day[] {
  const days: Day[] = [];
  for (let day = first; day <= last; day = nextDay(day)) days.push(day);
  return days;
}

/** `YYYY-MM` of each month that the days `first` to `last` (both included) touch, ascending. */
export function monthsFrom(first: Day, last: Day): string[] {
  return [...new Set(daysFrom(first, last).map((day) => day.slice(0, 7)))];
}
