import { MINUTE, SECOND } from '../calendar.ts';
import { hexadecimal } from '../guids.ts';
import type { Scene } from '../scene.ts';
import { type Actor, livesAt } from '../world.ts';
import { enterApp, type Story } from './story.ts';

/** The autoscaler follows the load: up and down by one or two, a few times an hour. */
export const autoscaling: Story = (scene, choose) => {
  const app = choose.app(scene.at);
  if (app === null) return;
  scene.setApp(app);
  scene.actor = clientNamed(scene, 'app-autoscaler');
  const state = scene.state();
  for (let step = scene.random.integer(2, 6); step > 0; step -= 1) {
    state.instances = Math.max(
      1,
      Math.min(12, state.instances + scene.random.pick([-2, -1, 1, 1, 2])),
    );
    scene.write('audit.app.process.scale', 'instances');
    scene.wait(40 * SECOND, 12 * MINUTE);
  }
};

/** Someone scales by hand: memory or instances, then a restart. */
export const scaling: Story = (scene, choose) => {
  if (!enterApp(scene, choose, 'person')) return;
  scene.write('audit.app.process.scale', scene.random.pick(['instances', 'memory']));
  if (scene.random.chance(0.4)) scene.wait(SECOND, 20 * SECOND).write('audit.app.restart');
};

export const restart: Story = (scene, choose) => {
  if (!enterApp(scene, choose)) return;
  if (scene.random.chance(0.6)) {
    scene.write('audit.app.restart');
  } else if (scene.random.chance(0.5)) {
    scene.write('audit.app.stop', 'user');
    scene.wait(SECOND, 40 * SECOND).write('audit.app.start');
  } else {
    scene.index = scene.random.integer(0, scene.state().instances - 1);
    scene.write('audit.app.process.terminate_instance');
  }
};

/** Someone looks into an instance: the environment first, then one or more ssh sessions. */
export const troubleshooting: Story = (scene, choose) => {
  if (!enterApp(scene, choose, 'person')) return;
  scene.write('audit.app.environment.show');
  for (let session = scene.random.skewed(1, 4); session > 0; session -= 1) {
    scene.index = scene.random.integer(0, scene.state().instances - 1);
    scene.wait(5 * SECOND, 5 * MINUTE);
    scene.write(`audit.app.ssh-${scene.random.chance(0.05) ? 'unauthorized' : 'authorized'}`);
  }
};

/** A scanner reads the environment of all apps of a space, one after the other. */
export const environmentScan: Story = (scene, choose) => {
  const app = choose.app(scene.at);
  if (app === null) return;
  scene.actor = clientNamed(scene, 'cve-scanner');
  for (const each of app.space.apps) {
    if (!livesAt(each, scene.now)) continue;
    scene.setApp(each);
    scene.wait(40_000, 400_000).write('audit.app.environment_variables.show');
  }
};

const TASKS = ['migrate', 'nightly-report', 'reindex', 'cleanup', 'send-invoices'];

/** A controller brings an app to what a repository says: it applies the manifest after each commit, whether or not that changes this app. */
export const reconciliation: Story = (scene, choose) => {
  const app = choose.app(scene.at);
  if (app === null) return;
  scene.setApp(app);
  scene.actor = clientNamed(scene, 'gitops-controller');
  scene.write('audit.app.apply_manifest');
  if (scene.random.chance(0.2)) scene.wait(30_000, 90_000).write('audit.app.update', 'manifest');
  if (scene.random.chance(0.1))
    scene.wait(30_000, 90_000).write('audit.app.process.update', 'manifest');
};

/** A task: started by the scheduler or by a person; one in thirty is cancelled. */
export const task: Story = (scene, choose) => {
  const app = choose.app(scene.at);
  const worker =
    app === null || scene.random.chance(0.8)
      ? null
      : choose.worker(app.space.organization, scene.at);
  const scheduler = clientNamed(scene, 'task-scheduler');
  if (app === null) return;
  scene.setApp(app);
  scene.actor = worker ?? scheduler;
  const name = scene.random.pickEarly(TASKS);
  scene.facts.set('task_name', worker === null ? `${name}-${hexadecimal(scene.random, 8)}` : name);
  scene.write('audit.app.task.create', worker === null ? 'batch' : 'v3');
  if (scene.random.chance(0.03)) scene.wait(SECOND, 5 * MINUTE).write('audit.app.task.cancel');
};

function clientNamed(scene: Scene, id: string): Actor {
  const client = scene.world.clients.find(({ guid }) => guid === id);
  if (client === undefined) throw new Error(`no client ${id}`);
  return client;
}
