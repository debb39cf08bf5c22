import { HOUR, SECOND } from '../calendar.ts';
import { nanoseconds } from '../event-data/process-values.ts';
import type { Random } from '../random.ts';
import type { Scene } from '../scene.ts';
import type { Story } from './story.ts';

/** One instance crashes once, and is restarted. */
export const crash: Story = (scene, choose) => {
  const app = choose.fragileApp(scene.at);
  if (app === null) return;
  scene.setApp(app);
  scene.process = scene.random.pick(app.processes);
  scene.index = scene.random.integer(0, scene.state().instances - 1);
  dieSomehow(scene);
  crashNow(scene);
};

/**
 * An instance that cannot start: it crashes again and again. Diego restarts it at once three times, then after 30 s, and after twice as long each
 * time, up to 16 minutes. Several instances of the app do so at the same time; most loops begin at night and end when someone comes to work.
 */
export const crashLoop: Story = (scene, choose) => {
  const app = choose.fragileApp(scene.at);
  if (app === null) return;
  scene.setApp(app);
  const instances = Math.min(scene.state().instances, scene.random.skewed(1, 4));
  const lasting = scene.random.skewed(1, 9) * HOUR;
  dieSomehow(scene);
  for (let index = 0; index < instances; index += 1) {
    scene.index = index;
    scene.instance().crashes = 0;
    let wait = 15 * SECOND;
    for (
      let at = scene.at + index * 310_000;
      at < scene.at + lasting;
      at += wait + scene.random.integer(0, 9 * SECOND)
    ) {
      scene.now = at;
      crashNow(scene);
      if (scene.instance().crashes >= 3) wait = Math.min(wait * 2, 960 * SECOND);
    }
  }
};

/** Both events of one crash, and the restart. */
export function crashNow(scene: Scene): void {
  const { random } = scene;
  scene.reason = 'CRASHED';
  scene.instance().crashes += 1;
  scene.crash_timestamp = nanoseconds(
    scene.now - random.integer(4_000, 60_000),
    random.integer(0, 999),
  );
  const shape = scene.exit_status === 0 ? 'clean' : 'failed';
  // Two INSERTs of the same request: Cloud Controller answers Diego's call once.
  scene.write('audit.app.process.crash', shape);
  scene.wait(2_000, 9_000).write('app.crash', shape);
  scene.replaceInstance();
}

const DEATHS: readonly { status: number; describe: (scene: Scene) => string }[] = [
  {
    status: 137,
    describe: ({ process }) =>
      `APP/PROC/${process.type.toUpperCase()}: Exited with status 137 (out of memory)`,
  },
  {
    status: 1,
    describe: ({ process }) => `APP/PROC/${process.type.toUpperCase()}: Exited with status 1`,
  },
  {
    status: 143,
    describe: ({ process }) => `APP/PROC/${process.type.toUpperCase()}: Exited with status 143`,
  },
  {
    status: 0,
    describe: ({ process }) => `APP/PROC/${process.type.toUpperCase()}: Exited with status 0`,
  },
  {
    status: 4,
    describe: ({ random }) =>
      `Instance never healthy after 1m0s: ${refusal(random)}; process did not exit`,
  },
];

const refusal = (random: Random): string =>
  `Failed to make TCP connection to 10.255.${random.integer(0, 255)}.${random.integer(2, 254)}:8080: connection refused`;

function dieSomehow(scene: Scene): void {
  const death = scene.random.pickEarly(DEATHS);
  scene.exit_status = death.status;
  scene.exit_description = death.describe(scene);
}
