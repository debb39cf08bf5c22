import { first } from '../scene.ts';
import type { Story } from './story.ts';

/** One event, always: the autoscaler scales some app. It fills what no longer story fits into. */
export const soloEvent: Story = (scene, choose) => {
  scene.setApp(choose.app(scene.at) ?? first(scene.world.apps));
  scene.actor =
    scene.world.clients.find((client) => client.guid === 'app-autoscaler') ?? scene.actor;
  scene.write('audit.app.process.scale', 'instances');
};
