import { MINUTE, SECOND } from '../calendar.ts';
import { guid } from '../guids.ts';
import { serviceInstance } from '../services.ts';
import { enterSpace, type Story } from './story.ts';

/** A new managed instance, created by the broker in minutes, then bound to an app; or a user-provided one, which takes no time. */
export const newService: Story = (scene, choose) => {
  if (!enterSpace(scene, choose)) return;
  const { random } = scene;
  const managed = random.chance(0.65);
  scene.setPlan(random.pick(scene.world.plans));
  const name = `${managed ? scene.offering.name : 'external-api'}-${random.integer(2, 99)}`;
  scene.service = serviceInstance(random, name, managed ? scene.plan : null);
  if (managed) {
    scene.write('audit.service_instance.start_create', 'v3');
    scene.wait(MINUTE, 12 * MINUTE).write('audit.service_instance.create', 'v3');
  } else {
    scene.write('audit.user_provided_service_instance.create');
  }
  scene.wait(5 * SECOND, 2 * MINUTE).write('audit.service_binding.create');
  scene.wait(4 * SECOND, MINUTE).write('audit.app.restart');
};

/** Someone, or a pipeline, reads credentials. */
export const credentialRead: Story = (scene, choose) => {
  if (!enterSpace(scene, choose)) return;
  scene.service = scene.random.pick(scene.space.services);
  if (scene.service.plan === null) scene.write('audit.user_provided_service_instance.show');
  else
    scene.write(scene.random.chance(0.5) ? 'audit.service_key.show' : 'audit.service_binding.show');
};

/** A key is made for some tool, and removed when the work is done. */
export const temporaryKey: Story = (scene, choose) => {
  if (!enterSpace(scene, choose)) return;
  const managed = scene.space.services.filter((service) => service.plan !== null);
  if (managed.length === 0) return;
  scene.service = scene.random.pick(managed);
  scene.facts.set('binding', guid(scene.random));
  scene.facts.set('binding_name', `debug-${scene.random.integer(1, 40)}`);
  scene.write('audit.service_key.create');
  scene.wait(SECOND, 5 * SECOND).write('audit.service_key.show');
  scene.wait(5 * MINUTE, 90 * MINUTE).write('audit.service_key.delete');
};

/** An instance is changed, or goes away with its binding. */
export const serviceChange: Story = (scene, choose) => {
  if (!enterSpace(scene, choose)) return;
  const { random } = scene;
  scene.service = random.pick(scene.space.services);
  if (scene.service.plan === null) {
    scene.write('audit.user_provided_service_instance.update');
    return;
  }
  scene.setPlan(scene.service.plan);
  scene.write('audit.service_instance.start_update');
  scene.wait(20 * SECOND, 8 * MINUTE).write('audit.service_instance.update', 'v3');
};
