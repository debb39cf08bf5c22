import type { Appointment } from './appointment.ts';
import { dayNumber, MINUTE, SECOND } from './calendar.ts';
import { CHECKOUT } from './cast.ts';
import type { Choices } from './choices.ts';
import { bigManifestOf } from './event-data/manifest.ts';
import type { Scene } from './scene.ts';
import { deleteApp, deleteSpace } from './stories/deletions.ts';
import { firstPush, pushApp } from './stories/push.ts';
import type { PlannedTask } from './tasks.ts';
import { typesOfDay } from './type-rounds.ts';
import { type App, livesAt, type Organization, type Space, type World } from './world.ts';

/** Of one UTC day, the most important first. */
export type Script = (day: number) => readonly Appointment[];

/**
 * What has to happen, so that events agree with the lists of organizations, spaces, apps and tasks: things that come and go within the period,
 * `checkout` among them; and every current type of event once in four weeks.
 */
export function scriptOf(world: World, tasks: readonly PlannedTask[]): Script {
  const { from, to } = world;
  const appointments = [
    ...world.apps.flatMap(lifeOfApp),
    ...world.organizations.flatMap(lifeOfOrganization),
    ...tasks.map(startOfTask),
    { at: from + Math.floor((to - from) * 0.45), tell: pushWithBigManifest },
  ].filter(({ at }) => from <= at && at < to);
  const byDay = Map.groupBy(appointments, ({ at }) => dayNumber(at));
  const checkout = world.apps.find((app) => app.name === CHECKOUT.app)?.deleted_at;
  return (day) => {
    const ofDay = byDay.get(day) ?? [];
    const first = ofDay.filter(({ at }) => at === checkout);
    return [...first, ...typesOfDay(day), ...ofDay.filter(({ at }) => at !== checkout)];
  };
}

/** Apps that come and go with their space are told with it. */
function lifeOfApp(app: App): Appointment[] {
  const { organization } = app.space;
  const life: Appointment[] = [];
  if (app.created_at !== app.space.created_at) {
    life.push({
      at: app.created_at,
      tell: (scene, choose) => {
        scene.actor = app.pipeline ?? choose.member(organization, scene.at);
        scene.setApp(app);
        firstPush(scene);
      },
    });
  }
  if (app.deleted_at !== app.space.deleted_at) {
    life.push({
      at: app.deleted_at,
      tell: (scene, choose) => {
        const dana = organization.people.find((person) => person.name === CHECKOUT.deletedBy);
        const checkout = app.name === CHECKOUT.app ? dana : undefined;
        scene.actor = checkout ?? choose.member(organization, scene.at);
        deleteApp(scene, app);
      },
    });
  }
  return life;
}

function lifeOfOrganization(organization: Organization): Appointment[] {
  const end: Appointment = {
    at: organization.deleted_at,
    tell: (scene, choose) => {
      scene.actor = choose.operator(scene.at) ?? scene.random.pick(scene.world.operators);
      const left = organization.spaces.filter(
        (space) => space.deleted_at === organization.deleted_at,
      );
      // Its brokers are slow to answer: the first transaction stays open for hours.
      left.forEach((space, index) => {
        deleteSpace(scene, space, index === 0);
      });
      scene.organization = organization;
      scene.wait(MINUTE, 10 * MINUTE).write('audit.organization.delete-request');
    },
  };
  return [end, ...organization.spaces.flatMap(lifeOfSpace)];
}

function lifeOfSpace(space: Space): Appointment[] {
  const { organization } = space;
  if (space.created_at === organization.created_at) return [];
  const begin: Appointment = {
    at: space.created_at,
    tell: (scene, choose) => {
      scene.setSpace(space);
      scene.actor = choose.member(organization, scene.at);
      scene.write('audit.space.create');
      for (const app of space.apps) {
        scene.wait(5 * SECOND, 2 * MINUTE);
        scene.begin(scene.now);
        scene.setApp(app);
        firstPush(scene);
      }
    },
  };
  const end: Appointment = {
    at: space.deleted_at,
    tell: (scene, choose) => {
      scene.actor = choose.member(organization, scene.at);
      deleteSpace(scene, space);
    },
  };
  return [begin, end];
}

const startOfTask = ({ record, app }: PlannedTask): Appointment => ({
  at: record.created_at,
  tell: (scene, choose) => {
    scene.setApp(app);
    scene.actor = app.pipeline ?? choose.member(app.space.organization, scene.at);
    scene.facts.set('task', record.guid);
    scene.facts.set('task_name', record.name);
    scene.write('audit.app.task.create', 'v3');
  },
});

/** Nothing forbids a manifest of hundreds of kilobytes. */
function pushWithBigManifest(scene: Scene, choose: Choices): void {
  const app = scene.world.apps.find((candidate) => livesAt(candidate, scene.at));
  if (app === undefined) return;
  scene.setApp(app);
  scene.actor = app.pipeline ?? choose.member(app.space.organization, scene.at);
  scene.manifest = bigManifestOf(scene, 250_000);
  pushApp(scene);
}
