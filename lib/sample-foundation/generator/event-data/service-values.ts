import { always, plain, quote, relationship, type Value, type Values } from './data-text.ts';

const HIDDEN = '"[PRIVATE DATA HIDDEN]"';

const bothRelationships: Value = (scene) =>
  `{"service_instance":{"data":{"guid":"${scene.service.guid}"}},"app":{"data":{"guid":"${scene.app.guid}"}}}`;
const serviceGuid: Value = (scene) => plain(scene.service.guid);
const serviceName: Value = (scene) => quote(scene.service.name);
const managedRelationships: Value = (scene) =>
  `{"space":{"data":{"guid":"${scene.space.guid}"}},"service_plan":{"data":{"guid":"${scene.plan.guid}"}}}`;
const metadata: Value = (scene) =>
  `{"labels":{"cost-center":"${4000 + (scene.organization.name.length % 90)}"},"annotations":{}}`;
const bindingName: Value = (scene) => quote(scene.fact('binding_name', () => ''));

/** Service instances, their bindings and keys. The `request` is the caller's body: relationships from v3, plain GUIDs from v2. */
export const serviceValues: Values = {
  'service_instance request.name': serviceName,
  'service_instance request.type': always('managed'),
  'request.tags': always(['eu', 'pci']),
  'request.parameters': () => HIDDEN,
  'service_instance request.relationships': managedRelationships,
  'request.maintenance_info': always({ version: '2.1.0+build.7' }),
  'service_instance request.metadata': metadata,
  'request.service_plan_guid': (scene) => plain(scene.plan.guid),
  'request.route_guid': (scene) => plain(scene.route.guid),
  'request.app_guid': (scene) => plain(scene.app.guid),
  'request.service_instance_guid': serviceGuid,
  target_space_guids: (scene) => `["${scene.guid('target_space')}"]`,
  target_space_guid: (scene) => plain(scene.guid('target_space')),

  'user_provided_service_instance request.name': serviceName,
  'user_provided_service_instance request.type': always('user-provided'),
  'request.credentials': always('[REDACTED]'),
  // Not hidden by Cloud Controller, though URLs like these often carry credentials.
  'request.syslog_drain_url': always('syslog-tls://drain.example.org:6514'),
  'request.route_service_url': always('https://route-service.example.org'),
  'user_provided_service_instance request.relationships': (scene) =>
    relationship('space', scene.space.guid),
  'user_provided_service_instance request.metadata': metadata,

  'service_binding request.type': always('app'),
  'service_binding request.name': bindingName,
  'service_binding request.strategy': always('single'),
  'service_binding request.relationships': bothRelationships,
  // Parameters of bindings and keys are stored as sent.
  'service_binding request.parameters': always({ role: 'read-write', pool: { size: 10 } }),
  'service_binding request.metadata': metadata,
  'service_binding request.data': () => HIDDEN,

  'service_key request.type': always('key'),
  'service_key request.name': (scene) => quote(scene.fact('binding_name', () => 'reporting-key')),
  'service_key request.relationships': (scene) =>
    relationship('service_instance', scene.service.guid),
  'service_key request.parameters': always({ role: 'read-only' }),
  'service_key request.metadata': metadata,

  'service_route_binding request.relationships': (scene) =>
    `{"service_instance":{"data":{"guid":"${scene.service.guid}"}},"route":{"data":{"guid":"${scene.route.guid}"}}}`,
  'service_route_binding request.metadata': metadata,

  'service_plan_visibility request.type': always('organization'),
  'request.organizations': (scene) => `[{"guid":"${scene.organization.guid}"}]`,
  'request.organization_guid': (scene) => plain(scene.organization.guid),
};
