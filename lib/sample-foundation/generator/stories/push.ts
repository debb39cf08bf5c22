import { MINUTE, SECOND } from '../calendar.ts';
import { guid } from '../guids.ts';
import type { Scene } from '../scene.ts';
import { enterApp, type Story } from './story.ts';

/** `cf push` of an app that exists: manifest, package, build, droplet, and a deployment or a restart; one in fifteen fails to stage. */
export const push: Story = (scene, choose) => {
  if (enterApp(scene, choose)) pushApp(scene);
};

/** Everything from the manifest to the running instances. */
export function pushApp(scene: Scene): void {
  const { random } = scene;
  const state = scene.state();
  state.package_guid = guid(random);
  scene.write('audit.app.apply_manifest');
  if (random.chance(0.15)) scene.wait(40_000, 90_000).write('audit.app.process.update', 'manifest');
  const caller = scene.actor === scene.app.pipeline ? 'pipeline' : 'bits';
  const shape = scene.app.docker ? 'docker' : caller;
  scene.wait(SECOND, 3 * SECOND).write('audit.app.package.create', shape);
  scene.wait(2 * SECOND, 25 * SECOND).write('audit.app.package.upload');
  scene.wait(SECOND, 3 * SECOND).write('audit.app.build.create');
  if (random.chance(0.06)) {
    scene.wait(20 * SECOND, 3 * MINUTE).write('audit.app.build.failed');
    return;
  }
  state.droplet_guid = guid(random);
  scene.wait(3_000, 9_000).write('audit.app.droplet.create', 'staged');
  scene.wait(35 * SECOND, 4 * MINUTE).write('audit.app.build.staged');
  scene.wait(SECOND, 4 * SECOND).write('audit.app.droplet.mapped');
  deploy(scene);
}

function deploy(scene: Scene): void {
  const { random } = scene;
  const state = scene.state();
  state.version = guid(random);
  state.revision_guid = guid(random);
  state.revision_version += 1;
  state.running.length = 0;
  if (scene.actor === scene.app.pipeline) {
    scene.wait(30_000, 200_000).write('audit.app.revision.create');
    scene.wait(5_000, 20_000).write('audit.app.deployment.create', random.pick(DEPLOYMENTS));
    if (random.chance(0.03)) scene.wait(MINUTE, 4 * MINUTE).write('audit.app.deployment.cancel');
  } else {
    scene.wait(200_000, SECOND).write('audit.app.stop', 'user');
    scene.wait(30_000, 200_000).write('audit.app.revision.create');
    scene.wait(5_000, 20_000).write('audit.app.start');
  }
  instancesBecomeReady(scene);
}

const DEPLOYMENTS = ['push', 'pipeline', 'pipeline', 'options'];

/** Only processes with a readiness check report; about one app in two has one. */
function instancesBecomeReady(scene: Scene): void {
  if (scene.app.guid.charCodeAt(0) % 2 === 0) return;
  scene.ready = true;
  for (let index = 0; index < scene.state().instances; index += 1) {
    scene.index = index;
    scene.wait(2 * SECOND, 15 * SECOND).write('audit.app.process.ready');
  }
}

/** The first push: the app, its processes and its route are new. */
export function firstPush(scene: Scene): void {
  const { app } = scene;
  scene.write('audit.app.create', app.pipeline === null ? 'v3' : 'pipeline');
  for (const process of app.processes) {
    scene.process = process;
    scene.wait(2_000, 9_000).write('audit.app.process.create', 'push');
  }
  scene.setApp(app);
  scene.wait(200_000, SECOND).write('audit.route.create', 'manifest');
  scene.wait(20_000, 90_000).write('audit.app.map-route', 'manifest');
  scene.wait(SECOND, 2 * SECOND);
  pushApp(scene);
}
