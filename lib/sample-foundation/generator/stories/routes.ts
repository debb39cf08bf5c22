import { SECOND } from '../calendar.ts';
import { guid } from '../guids.ts';
import { enterSpace, type Story } from './story.ts';

/** A second route for an app, or one that goes; blue-green pushes do both. */
export const routeChange: Story = (scene, choose) => {
  if (!enterSpace(scene, choose)) return;
  const { random, app } = scene;
  scene.route = {
    guid: guid(random),
    host: `${app.name}-${random.pick(['green', 'beta', 'v2', 'test'])}`,
    domain_guid: app.route.domain_guid,
  };
  if (random.chance(0.6)) {
    scene.write('audit.route.create', 'v3');
    scene.wait(SECOND / 5, 2 * SECOND).write('audit.app.map-route', 'v3');
  } else {
    scene.write('audit.app.unmap-route', 'v3');
    scene.wait(SECOND / 5, 2 * SECOND).write('audit.route.delete-request');
  }
};
