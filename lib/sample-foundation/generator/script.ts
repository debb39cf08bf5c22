import type { Micros } from '../records.ts';
import { DAY, dayNumber, HOUR, isWeekend, MINUTE, SECOND } from './calendar.ts';
import { CHECKOUT } from './cast.ts';
import type { Choices } from './choices.ts';
import { currentEventTypes } from './event-types.ts';
import type { Scene } from './scene.ts';
import { deleteApp, deleteSpace } from './stories/deletions.ts';
import { firstPush } from './stories/push.ts';
import type { PlannedTask } from './tasks.ts';
import type { App, World } from './world.ts';

/** Something that happens at a set time whatever else is going on. */
export interface Appointment {
  readonly at: Micros;
  readonly tell: (scene: Scene, choose: Choices) => void;
}

/** Of one UTC day, the most important first. */
export type Script = (day: number) => readonly Appointment[];

/**
 * What has to happen, so that events agree with the lists of organizations, spaces and apps: things that come and go within the period, `checkout`
 * among them; and every current type of event once in four weeks.
 */
export function scriptOf(world: World, tasks: readonly PlannedTask[]): Script {
  const byDay = new Map<number, Appointment[]>();
  const add = (at: Micros, tell: Appointment['tell']) => {
    if (at < world.from || at >= world.to) return;
    const day = dayNumber(at);
    byDay.set(day, [...(byDay.get(day) ?? []), { at, tell }]);
  };
  for (const app of world.apps) {
    if (app.name === CHECKOUT.app) add(app.deleted_at, deletionOf(app));
  }
  for (const organization of world.organizations) {
    add(organization.deleted_at, (scene, choose) => {
      scene.actor = choose.operator(scene.at) ?? scene.actor;
      for (const space of organization.spaces) {
        if (space.deleted_at === organization.deleted_at) deleteSpace(scene, space);
      }
      scene.organization = organization;
      scene.wait(MINUTE, 10 * MINUTE).write('audit.organization.delete-request');
    });
    for (const space of organization.spaces) {
      add(space.created_at, (scene, choose) => {
        scene.setSpace(space);
        scene.actor = choose.worker(organization, scene.at) ?? scene.actor;
        scene.write('audit.space.create');
        for (const app of space.apps) {
          scene.wait(5 * SECOND, 2 * MINUTE);
          scene.begin(scene.now);
          scene.setApp(app);
          firstPush(scene);
        }
      });
      if (space.deleted_at !== organization.deleted_at) {
        add(space.deleted_at, (scene, choose) => {
          scene.actor = choose.worker(organization, scene.at) ?? scene.actor;
          deleteSpace(scene, space);
        });
      }
    }
  }
  for (const app of world.apps) {
    if (app.created_at !== app.space.created_at) {
      add(app.created_at, (scene, choose) => {
        scene.actor =
          app.pipeline ?? choose.worker(app.space.organization, scene.at) ?? scene.actor;
        scene.setApp(app);
        firstPush(scene);
      });
    }
    if (app.deleted_at !== app.space.deleted_at && app.name !== CHECKOUT.app)
      add(app.deleted_at, deletionOf(app));
  }
  for (const { record, app } of tasks) {
    add(record.created_at, (scene, choose) => {
      scene.setApp(app);
      scene.actor = app.pipeline ?? choose.worker(app.space.organization, scene.at) ?? scene.actor;
      scene.facts.set('task', record.guid);
      scene.facts.set('task_name', record.name);
      scene.write('audit.app.task.create');
    });
  }
  return (day) => [
    ...(byDay.get(day) ?? []).slice(0, 1),
    ...typesOf(day),
    ...(byDay.get(day) ?? []).slice(1),
  ];
}

const deletionOf =
  (app: App): Appointment['tell'] =>
  (scene, choose) => {
    const { organization } = app.space;
    const dana = organization.people.find((person) => person.name === CHECKOUT.deletedBy);
    const deleter = app.name === CHECKOUT.app ? dana : choose.worker(organization, scene.at);
    scene.actor = deleter ?? scene.actor;
    deleteApp(scene, app);
  };

const WORKDAYS_IN_FOUR_WEEKS = 20;

/** Seven types a weekday: all 140 in any four weeks. */
function typesOf(day: number): Appointment[] {
  if (isWeekend(day)) return [];
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
      scene.actor =
        choose.worker(scene.organization, scene.at) ?? choose.operator(scene.at) ?? scene.actor;
      scene.write(type);
    },
  }));
}
