import { z } from 'zod';
import type { Window } from './window.ts';

/** A UTC calendar day, `YYYY-MM-DD`. Events are partitioned by the day by which Cloud Controller filters them. */
export const daySchema = z.iso.date().brand<'Day'>();
export type Day = z.infer<typeof daySchema>;

export const DAY_MS = 86_400_000;

export const dayOf = (instant: Date): Day => daySchema.parse(instant.toISOString().slice(0, 10));

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
