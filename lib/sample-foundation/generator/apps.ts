import type { Micros } from '../records.ts';
import { DAY } from './calendar.ts';
import { guid } from './guids.ts';
import { officeHour } from './lifetimes.ts';
import { APP_NAMES } from './names.ts';
import type { Random } from './random.ts';
import type { App, Process, Space, Surroundings } from './world.ts';

/** One app in nine has a `worker` beside `web`; two of three are pushed by a pipeline; one in twelve comes or goes within the period. */
export function anApp(random: Random, space: Space, world: Surroundings): App {
  const guidOfApp = guid(random);
  const name = nameOf(random, space);
  const host = name.replace(/[^a-z0-9-]|^[^a-z]+/g, '') || 'app';
  const pipeline = random.chance(0.66) ? random.pick(world.clients.slice(0, 2)) : null;
  return {
    guid: guidOfApp,
    name,
    space,
    processes: processes(random, guidOfApp),
    route: {
      guid: guid(random),
      host: `${host}-${space.name}`,
      domain_guid: random.pick(world.domains),
    },
    buildpack: random.pick(world.buildpacks),
    docker: random.chance(0.08),
    memory_in_mb: random.pick([256, 512, 1024, 1024, 2048]),
    started: random.chance(0.9),
    pipeline,
    ...lifetime(random, space, world.from, world.to),
  };
}

function nameOf(random: Random, space: Space): string {
  const taken = new Set(space.apps.map((app) => app.name));
  const base = random.pick(APP_NAMES);
  if (!taken.has(base)) return base;
  let number = 2;
  while (taken.has(`${base}-${number}`)) number += 1;
  return `${base}-${number}`;
}

function processes(random: Random, guidOfApp: string): Process[] {
  const web = { guid: guidOfApp, type: 'web', instances: random.skewed(1, 8) };
  return random.chance(0.11)
    ? [web, { guid: guid(random), type: 'worker', instances: random.skewed(1, 4) }]
    : [web];
}

function lifetime(random: Random, space: Space, from: Micros, to: Micros) {
  if (space.created_at > from)
    return { created_at: space.created_at, deleted_at: space.deleted_at };
  const old = Math.max(space.created_at, from - random.integer(1, 600) * DAY);
  const someDay = officeHour(random, from + Math.floor(random.unit() * (to - from)));
  const inside = someDay > from && someDay < Math.min(to, space.deleted_at);
  const chance = random.unit();
  if (inside && chance < 0.045) return { created_at: someDay, deleted_at: space.deleted_at };
  if (inside && chance < 0.09) return { created_at: old, deleted_at: someDay };
  return { created_at: old, deleted_at: space.deleted_at };
}
