import type { Micros } from '../records.ts';
import { DAY, dayNumber, HOUR, isWeekend, MINUTE, SECOND } from './calendar.ts';
import type { Random } from './random.ts';
import type { Lifetime } from './world.ts';

/**
 * When the app `checkout` is deleted: 12 days before the end, or the Friday before where that is a weekend, at 14:23:07 UTC.
 * In the middle of a period too short for that.
 */
export function checkoutDeletedAt(from: Micros, to: Micros): Micros {
  let day = dayNumber(to) - 12;
  while (isWeekend(day)) day -= 1;
  const at = day * DAY + 14 * HOUR + 23 * MINUTE + 7 * SECOND + 418_233;
  return from <= at && at < to ? at : from + Math.floor((to - from) / 2);
}

/** When the organization `aurora-labs` is deleted: three fifths into the period, on a weekday where there is one. */
export function auroraDeletedAt(from: Micros, to: Micros): Micros {
  const at = from + Math.floor((to - from) * 0.6);
  let day = dayNumber(at);
  while (isWeekend(day)) day += 1;
  const office = day * DAY + 9 * HOUR + 41 * MINUTE + 55 * SECOND + 90_117;
  return from <= office && office < to ? office : at;
}

/** Spaces that come and go within the period: a preview of some branch, one in five weeks of an organization. */
export function isolatedLifetimes(
  random: Random,
  organization: number,
  parent: Lifetime,
  period: { readonly from: Micros; readonly to: Micros },
): (Lifetime & { readonly name: string })[] {
  const lifetimes: (Lifetime & { readonly name: string })[] = [];
  const end = Math.min(period.to, parent.deleted_at);
  for (let week = period.from + organization * 3 * HOUR; week + 7 * DAY < end; week += 7 * DAY) {
    if (!random.chance(0.2)) continue;
    const created_at = officeHour(random, week);
    const deleted_at = officeHour(random, created_at + random.integer(2, 4) * DAY);
    if (deleted_at < end)
      lifetimes.push({ name: `preview-${random.integer(100, 9999)}`, created_at, deleted_at });
  }
  return lifetimes;
}

/** An instant at or after the day of `at`, on a weekday, between 08:00 and 16:00 UTC. */
export function officeHour(random: Random, at: Micros): Micros {
  let day = dayNumber(at);
  while (isWeekend(day)) day += 1;
  return (
    day * DAY + 8 * HOUR + random.integer(0, 8 * 3600 - 1) * SECOND + random.integer(0, 999_999)
  );
}
