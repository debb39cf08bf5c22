import { HOUR, MINUTE, SECOND } from '../calendar.ts';
import type { Scene } from '../scene.ts';
import type { App, Space } from '../world.ts';

/** An app goes, and all it had: v3 records the request first and the rest from a background job. */
export function deleteApp(scene: Scene, app: App): void {
  scene.deleting = true;
  scene.setApp(app);
  scene.write('audit.app.delete-request', 'v3');
  scene.wait(20_000, 80_000).write('audit.app.stop', 'deletion');
  scene.wait(20_000, 80_000).write('audit.app.unmap-route', 'v3');
  scene.wait(20_000, 80_000).write('audit.app.package.delete');
  scene.wait(20_000, 80_000).write('audit.app.droplet.delete');
  for (const process of app.processes) {
    scene.process = process;
    scene.wait(20_000, 80_000).write('audit.app.process.delete');
  }
}

/**
 * A space goes with all its apps in one transaction: every event carries the transaction's start and none is visible before its end, minutes later
 * as a rule, hours later when a broker does not answer.
 */
export function deleteSpace(scene: Scene, space: Space, slow = scene.random.chance(0.04)): void {
  const { random } = scene;
  const apps = space.apps.filter((app) => app.deleted_at >= scene.at);
  const start = scene.now;
  scene.transaction = {
    start,
    end: start + (slow ? random.integer(HOUR, 3 * HOUR) : random.integer(MINUTE, 9 * MINUTE)),
  };
  for (const app of apps) {
    scene.wait(SECOND / 2, 6 * SECOND);
    deleteApp(scene, app);
  }
  scene.setSpace(space);
  scene.wait(30_000, 90_000).write('audit.space.delete-request');
  scene.transaction = null;
}
