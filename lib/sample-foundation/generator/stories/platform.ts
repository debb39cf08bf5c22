import { MINUTE, SECOND } from '../calendar.ts';
import { SYSTEM } from '../world.ts';
import type { Story } from './story.ts';

/** A broker publishes a new catalog: its offerings and plans change within a second, in the broker's own name. */
export const catalogSync: Story = (scene, choose) => {
  const operator = choose.operator(scene.at);
  if (operator === null) return;
  scene.setPlan(scene.random.pick(scene.world.plans));
  scene.actor = operator;
  scene.write('audit.service_broker.update');
  scene.actor = scene.broker;
  scene.wait(SECOND, 4 * SECOND).write('audit.service.update');
  for (const plan of scene.offering.plans) {
    scene.setPlan(plan);
    scene.wait(4_000, 30_000).write('audit.service_plan.update');
  }
};

/** The nightly clean-up finds blobs that belong to nothing, a second or less apart. */
export const blobCleanUp: Story = (scene) => {
  scene.actor = SYSTEM;
  for (let count = scene.random.integer(2, 30); count > 0; count -= 1) {
    scene.index = count;
    scene.wait(30_000, 700_000).write('blob.remove_orphan');
  }
};

/** An operator reads or enables something small; long enough after one another to be a person. */
export const administration: Story = (scene, choose) => {
  const operator = choose.operator(scene.at);
  const app = choose.app(scene.at);
  if (operator === null || app === null) return;
  scene.setApp(app);
  scene.actor = operator;
  scene.write('audit.organization_quota.apply');
  if (scene.random.chance(0.3)) scene.wait(MINUTE, 3 * MINUTE).write('audit.buildpack.update');
};
