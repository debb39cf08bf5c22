import { SECOND } from '../calendar.ts';
import { enterSpace, type Story } from './story.ts';

const SPACE_ROLES = [
  'space_developer',
  'space_developer',
  'space_auditor',
  'space_supporter',
  'space_manager',
];
const ORGANIZATION_ROLES = [
  'organization_auditor',
  'organization_manager',
  'organization_billing_manager',
];

/** Someone joins (a role in the organization and one in a space), leaves, or changes roles. */
export const roleChange: Story = (scene, choose) => {
  if (!enterSpace(scene, choose)) return;
  const { random } = scene;
  scene.grantee = random.pick(scene.organization.people);
  if (random.chance(0.15)) {
    const role = random.pick(ORGANIZATION_ROLES);
    scene.write(`audit.user.${role}_${random.pick(['add', 'remove'])}`);
    return;
  }
  const role = random.pick(SPACE_ROLES);
  if (random.chance(0.65)) {
    scene.write('audit.user.organization_user_add');
    scene.wait(SECOND / 4, SECOND).write(`audit.user.${role}_add`);
  } else {
    scene.write(`audit.user.${role}_remove`);
    if (random.chance(0.5))
      scene.wait(SECOND / 4, SECOND).write('audit.user.organization_user_remove');
  }
};
