import type { TaskRecord } from '../records.ts';
import { DAY, MINUTE, SECOND } from './calendar.ts';
import { guid } from './guids.ts';
import { officeHour } from './lifetimes.ts';
import type { Random } from './random.ts';
import { type App, livesAt, type World } from './world.ts';

export interface PlannedTask {
  readonly record: TaskRecord;
  readonly app: App;
}

/** Tasks of the last 31 days of which Cloud Controller still knows the outcome, with an event each; others have been forgotten with their apps. */
export function tasksOf(random: Random, world: World, count = 24): PlannedTask[] {
  const since = Math.max(world.from, world.to - 31 * DAY);
  const tasks: PlannedTask[] = [];
  for (let number = 1; number <= count; number += 1) {
    const created_at = officeHour(random, since + random.unit() * (world.to - since));
    const app = random.pick(world.apps);
    if (created_at >= world.to || !livesAt(app, created_at) || app.deleted_at < world.to) continue;
    const failed = random.chance(0.25);
    tasks.push({
      app,
      record: {
        guid: guid(random),
        sequence_id: number,
        name: random.pick(['migrate', 'reindex', 'cleanup']),
        command: random.pick([
          'bin/rails db:migrate',
          './reindex --all',
          'node cleanup.js --older-than 30d',
        ]),
        state: failed ? 'FAILED' : 'SUCCEEDED',
        failure_reason: failed ? 'APP/TASK/migrate: Exited with status 1' : null,
        app_guid: app.guid,
        droplet_guid: guid(random),
        user: null,
        memory_in_mb: app.memory_in_mb,
        disk_in_mb: app.memory_in_mb * 2,
        created_at,
        updated_at: created_at + random.integer(20 * SECOND, 9 * MINUTE),
      },
    });
  }
  return tasks;
}
