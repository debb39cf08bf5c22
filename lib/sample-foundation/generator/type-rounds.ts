import type { Appointment } from './appointment.ts';
import { DAY, HOUR, isWeekend, MINUTE, SECOND } from './calendar.ts';
import { currentEventTypes } from './event-types.ts';
import { isForOperators, prepareFor } from './occurrence.ts';
import { crashNow } from './stories/crashes.ts';

const WORKDAYS_IN_FOUR_WEEKS = 20;

/**
 * Seven types a weekday, from 08:00 UTC on, each in whatever place and by whoever is at work: all 140 in any four weeks, however rare they are.
 */
export function typesOfDay(day: number): Appointment[] {
  if (isWeekend(day)) return [];
  // 1969-12-29, three days before the epoch, was a Monday.
  const week = Math.floor((day + 3) / 7);
  const workday = (week % 4) * 5 + ((day + 3) % 7);
  const types = currentEventTypes.filter((_, index) => index % WORKDAYS_IN_FOUR_WEEKS === workday);
  return types.map(({ type }, index) => ({
    at:
      day * DAY +
      8 * HOUR +
      (index * 67 + workday) * MINUTE +
      (week % 60) * SECOND +
      12_345 * (index + 1),
    tell: (scene, choose) => {
      const app = choose.app(scene.at);
      if (app === null) return;
      scene.setApp(app);
      scene.grantee = scene.random.pick(scene.organization.people);
      scene.actor = isForOperators(type)
        ? (choose.operator(scene.at) ?? scene.random.pick(scene.world.operators))
        : choose.member(scene.organization, scene.at);
      const shape = prepareFor(type, scene);
      if (type === 'app.crash' || type === 'audit.app.process.crash') crashNow(scene);
      else scene.write(type, shape);
    },
  }));
}
