import { SECOND } from '../calendar.ts';
import type { Story } from './story.ts';

/** The readiness check of an instance fails for a while: it gets no requests, and is not restarted. */
export const readinessFlap: Story = (scene, choose) => {
  const app = choose.fragileApp(scene.at);
  if (app === null) return;
  scene.setApp(app);
  scene.index = scene.random.integer(0, scene.state().instances - 1);
  for (let flap = scene.random.skewed(1, 8); flap > 0; flap -= 1) {
    scene.ready = false;
    scene.write('audit.app.process.not-ready');
    scene.ready = true;
    scene.wait(5 * SECOND, 90 * SECOND).write('audit.app.process.ready');
    scene.wait(20 * SECOND, 600 * SECOND);
  }
};

/** A cell is emptied before it is updated: its instances move elsewhere within a minute or two. */
export const evacuation: Story = (scene, choose) => {
  scene.reason = 'Cell is being evacuated';
  const cell = scene.random.pick(scene.world.cells);
  for (let count = scene.random.integer(6, 24); count > 0; count -= 1) {
    const app = choose.app(scene.at);
    if (app === null) return;
    scene.setApp(app);
    scene.process = scene.random.pick(app.processes);
    scene.index = scene.random.integer(0, scene.state().instances - 1);
    scene.instance().cell_id = cell;
    scene.wait(50_000, 6 * SECOND).write('audit.app.process.rescheduling');
    scene.replaceInstance();
  }
};
