import { always, plain, quote, type Values } from './data-text.ts';

/** A plan's JSON schema, such as brokers publish; it and `extra` are the bulk of catalog events, and are texts that hold JSON. */
const schema = (title: string): string =>
  JSON.stringify({
    $schema: 'http://json-schema.org/draft-04/schema#',
    title,
    type: 'object',
    additionalProperties: false,
    properties: {
      max_connections: { type: 'integer', minimum: 10, maximum: 500, default: 100 },
      backup_window: { type: 'string', pattern: '^[0-2][0-9]:00$', description: 'UTC' },
      extensions: { type: 'array', items: { enum: ['pg_trgm', 'postgis', 'hstore'] } },
    },
  });

const extra = JSON.stringify({
  displayName: 'Managed data service',
  bullets: ['Daily backups', 'Encrypted at rest'],
  costs: [{ amount: { eur: 49.0 }, unit: 'MONTHLY' }],
});

/** What a broker's catalog says, and how brokers are registered. */
export const catalogValues: Values = {
  label: (scene) => quote(scene.offering.name),
  provider: always(''),
  url: always(null),
  'service description': (scene) => quote(`Managed ${scene.offering.name}`),
  long_description: always('Runs in three zones, with daily backups.'),
  'service version': always(null),
  info_url: always('https://services.example.org/info'),
  active: always(true),
  bindable: always(true),
  unique_id: (scene) => plain(scene.guid('unique_id')),
  extra: always(extra),
  tags: always(['sql', 'persistent']),
  requires: always(['syslog_drain']),
  documentation_url: always('https://services.example.org/docs'),
  service_broker_guid: (scene) => plain(scene.broker.guid),
  plan_updateable: always(true),
  bindings_retrievable: always(true),
  instances_retrievable: always(true),
  allow_context_updates: always(false),
  'audit.service.delete request.purge': always(true),

  'service_plan name': (scene) => quote(scene.plan.name),
  free: always(false),
  'service_plan description': (scene) => quote(`${scene.offering.name}, ${scene.plan.name}`),
  service_guid: (scene) => plain(scene.offering.guid),
  public: always(false),
  maximum_polling_duration: always(86400),
  maintenance_info: always({
    version: '2.1.0+build.7',
    description: 'Minor release of the engine',
  }),
  create_instance_schema: always(schema('Create an instance')),
  update_instance_schema: always(schema('Update an instance')),
  create_binding_schema: always(schema('Bind an app')),

  'service_broker request.name': (scene) => quote(scene.broker.name),
  'request.url': (scene) => quote(scene.broker.url),
  'request.authentication': () =>
    '{"type":"basic","credentials":{"username":"broker-user","password":"[PRIVATE DATA HIDDEN]"}}',
  'request.broker_url': (scene) => quote(scene.broker.url),
  'request.auth_username': always('broker-user'),
  'request.auth_password': always('[REDACTED]'),

  secret: always('[REDACTED]'),
  redirect_uri: (scene) => quote(`${scene.broker.url}/dashboard/oauth/callback`),
};
