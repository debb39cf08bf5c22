import { isoSecond } from '../calendar.ts';
import { always, plain, quote, relationship, type Value, type Values } from './data-text.ts';

const quotaApps = {
  total_memory_in_mb: 20480,
  per_process_memory_in_mb: 4096,
  total_instances: null,
  per_app_tasks: 5,
  log_rate_limit_in_bytes_per_second: null,
};
const quotaName: Value = (scene) =>
  quote(scene.fact('quota_name', (random) => random.pick(['default', 'medium', 'production-xl'])));
const grantee: Value = (scene) =>
  `{"user":{"data":{"guid":"${scene.grantee.guid}"}},"space":{"data":{"guid":"${scene.space.guid}"}}}`;
const granteeOfOrganization: Value = (scene) =>
  `{"user":{"data":{"guid":"${scene.grantee.guid}"}},"organization":{"data":{"guid":"${scene.organization.guid}"}}}`;

const role = (type: string): Values => ({
  [`audit.user.${type}_add request.type`]: always(type),
  [`audit.user.${type}_add request.relationships`]: type.startsWith('space')
    ? grantee
    : granteeOfOrganization,
});

/** Organizations, spaces, roles, routes, quotas, stacks and buildpacks. */
export const platformValues: Values = {
  'organization request.name': (scene) => quote(scene.organization.name),
  'request.suspended': always(false),
  'organization request.metadata': always({ labels: { tier: 'gold' }, annotations: {} }),
  'space request.name': (scene) => quote(scene.space.name),
  'space request.relationships': (scene) => relationship('organization', scene.organization.guid),
  'space request.metadata': always({ labels: { env: 'test' }, annotations: {} }),
  // Assigning an isolation segment.
  'audit.space.update request.data': (scene) => `{"guid":"${scene.guid('isolation_segment')}"}`,
  ...role('space_auditor'),
  ...role('space_supporter'),
  ...role('space_developer'),
  ...role('space_manager'),
  ...role('organization_user'),
  ...role('organization_auditor'),
  ...role('organization_billing_manager'),
  ...role('organization_manager'),

  'route request.host': (scene) => quote(scene.route.host),
  'route request.path': always('/v2'),
  'route request.port': always(null),
  'route request.relationships': (scene) =>
    `{"domain":{"data":{"guid":"${scene.route.domain_guid}"}},"space":{"data":{"guid":"${scene.space.guid}"}}}`,
  'route request.options': always({ loadbalancing: 'round-robin' }),
  'route request.metadata': always({ labels: {}, annotations: { contact: 'on-call@example.org' } }),
  'request.domain_guid': (scene) => plain(scene.route.domain_guid),
  'request.source': (scene) => quote(`cf:app:${scene.app.guid}`),
  'route_policy request.metadata': always({ labels: { reviewed: 'yes' }, annotations: {} }),

  'organization_quota request.name': quotaName,
  'space_quota request.name': quotaName,
  'request.apps': always(quotaApps),
  'request.services': always({
    paid_services_allowed: true,
    total_service_instances: 40,
    total_service_keys: null,
  }),
  'request.routes': always({ total_routes: 200, total_reserved_ports: 0 }),
  'request.domains': always({ total_domains: 5 }),
  'organization_quota request.relationships': (scene) =>
    `{"organizations":{"data":[{"guid":"${scene.organization.guid}"}]}}`,
  'space_quota request.relationships': (scene) =>
    `{"organization":{"data":{"guid":"${scene.organization.guid}"}},"spaces":{"data":[{"guid":"${scene.space.guid}"}]}}`,
  organization_guid: (scene) => plain(scene.organization.guid),
  organization_name: (scene) => quote(scene.organization.name),
  space_guid: (scene) => plain(scene.space.guid),
  space_name: (scene) => quote(scene.space.name),

  'stack request.name': always('cflinuxfs5'),
  'request.description': always('Ubuntu 24.04'),
  'stack request.state': always('DEPRECATED'),
  'request.state_reason': always('Use cflinuxfs5 from January on.'),
  'stack request.metadata': always({ labels: {}, annotations: {} }),
  'buildpack request.name': (scene) => quote(scene.app.buildpack.name),
  'request.stack': always('cflinuxfs4'),
  'request.position': always(3),
  'request.enabled': always(true),
  'request.locked': always(false),
  'buildpack request.lifecycle': always('buildpack'),
  'buildpack request.metadata': always({ labels: {}, annotations: {} }),
  'request.bits_path': (scene) =>
    quote(`/var/vcap/data/cloud_controller_ng/tmp/uploads/${scene.guid('upload')}`),
  'request.bits_name': ({ app }) =>
    quote(`${app.buildpack.name}-cflinuxfs4-v${app.buildpack.version}.zip`),
  'request.upload_start_time': (scene) => quote(isoSecond(scene.at)),
};
