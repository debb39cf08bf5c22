import type { FoundationRecords } from '../records.ts';
import { microsOf } from './calendar.ts';
import { paceOf } from './pace.ts';
import { populate } from './population.ts';
import { Random } from './random.ts';
import { scriptOf } from './script.ts';
import { tasksOf } from './tasks.ts';
import { timeline } from './timeline.ts';
import {
  appRecords,
  clientRecords,
  organizationRecords,
  roleRecords,
  spaceRecords,
  userRecords,
} from './world-records.ts';

export interface GenerateFoundationOptions {
  /** The same seed and options give the same records, byte for byte. */
  readonly seed: number | string;
  /** Inclusive. */
  readonly from: Date;
  /** Exclusive. */
  readonly to: Date;
  /** On average over a week; weekdays have more, weekends less. */
  readonly eventsPerDay: number;
  /** Every UTC day of the period holds exactly `eventsPerDay` events (a day of which only a part lies in it, its share). Default: false. */
  readonly exactly?: boolean;
  /** At least 4. Default: 20, and more where there are more than 10,000 events a day. */
  readonly organizations?: number;
}

/**
 * A believable foundation: what its lists hold, and the audit events of a period.
 *
 * `events` are made while they are read, in the order of their INSERTs, and start anew each time they are iterated. Within a period of four weeks
 * or more, with 300 events a day or more, every current type of event occurs.
 */
export function generateFoundation(options: GenerateFoundationOptions): FoundationRecords {
  const { from, to, eventsPerDay } = options;
  if (!(from < to)) throw new RangeError('generateFoundation: `from` must be before `to`');
  const random = new Random(options.seed);
  const period = { from: microsOf(from), to: microsOf(to) };
  const growth = Math.sqrt(Math.max(1, eventsPerDay / 10_000));
  const world = populate(random.fork('world'), {
    ...period,
    organizations: options.organizations ?? Math.round(20 * growth),
  });
  const tasks = tasksOf(random.fork('tasks'), world);
  const pace = paceOf(random.fork('pace'), {
    ...period,
    eventsPerDay,
    exactly: options.exactly ?? false,
  });
  return {
    organizations: organizationRecords(world),
    spaces: spaceRecords(world),
    apps: appRecords(world),
    users: userRecords(world),
    roles: roleRecords(world, random.fork('roles')),
    tasks: tasks.map(({ record }) => record),
    clients: clientRecords(),
    events: {
      [Symbol.iterator]: () =>
        timeline(world, random.fork('timeline'), pace, scriptOf(world, tasks)),
    },
  };
}
