/**
 * Which of the documented keys a caller really sends, where that is not all of them: one line for each kind of caller.
 *
 * Types not listed carry all their keys. `{}` stands for an empty object, an empty line for nothing stored at all.
 */
export const USUAL_KEYS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'audit.app.create': {
    v3: 'request.name request.relationships request.lifecycle',
    pipeline: 'request.name request.relationships request.lifecycle request.metadata',
    v2: 'request.name request.instances request.memory request.state request.space_guid',
  },
  'audit.app.update': {
    v3: 'request.lifecycle request.metadata',
    manifest: 'request.name request.lifecycle request.metadata manifest_triggered',
    environment: 'request.environment_variables',
    v2: 'request.instances request.memory',
  },
  'audit.app.delete-request': { v3: '', v2: 'request.recursive' },
  'audit.app.stop': { user: '', deletion: 'delete_triggered reason' },
  'audit.app.package.create': {
    bits: 'package_guid request.type request.relationships',
    docker: 'package_guid request.type request.relationships request.data',
    pipeline: 'package_guid request.type request.relationships request.metadata',
    copy: 'package_guid request.source_package_guid',
  },
  'audit.app.process.create': {
    push: 'process_guid process_type',
    manifest: 'process_guid process_type manifest_triggered',
  },
  'audit.app.process.update': {
    manifest:
      'process_guid process_type request.type request.timeout request.health_check_type request.health_check_http_endpoint manifest_triggered',
    api: 'process_guid process_type request.health_check',
    both: 'process_guid process_type request.health_check request.readiness_health_check',
    command: 'process_guid process_type request.command',
  },
  'audit.app.process.scale': {
    instances: 'process_guid process_type request.instances',
    memory: 'process_guid process_type request.instances request.memory_in_mb request.disk_in_mb',
    manifest: 'process_guid process_type request.instances request.memory_in_mb manifest_triggered',
  },
  'audit.app.process.crash': {
    failed:
      'instance index cell_id reason exit_status exit_description crash_count crash_timestamp version',
    // Diego leaves `exit_status` out when it is 0.
    clean: 'instance index cell_id reason exit_description crash_count crash_timestamp version',
  },
  'app.crash': {
    failed: 'instance index cell_id exit_status exit_description reason',
    clean: 'instance index cell_id exit_description reason',
  },
  'audit.app.droplet.create': {
    staged: 'droplet_guid package_guid',
    copied: 'droplet_guid request.source_droplet_guid',
  },
  'audit.app.task.create': {
    v3: 'task_guid request.name request.memory_in_mb request.command',
    // Schedulers of batch jobs send metadata as well: `request` is open-ended.
    batch: 'task_guid request.name request.memory_in_mb request.command request.metadata',
  },
  'audit.app.map-route': {
    v3: 'route_guid app_port destination_guid process_type weight protocol',
    manifest:
      'route_guid app_port destination_guid process_type weight protocol manifest_triggered',
    v2: 'route_guid app_port route_mapping_guid process_type',
  },
  'audit.app.unmap-route': {
    v3: 'route_guid app_port destination_guid process_type weight protocol',
    v2: 'route_guid app_port route_mapping_guid process_type',
  },
  'audit.app.deployment.create': {
    push: 'deployment_guid droplet_guid type revision_guid request.relationships request.droplet request.strategy strategy',
    pipeline:
      'deployment_guid droplet_guid type revision_guid request.relationships request.droplet request.strategy request.metadata strategy',
    rollback:
      'deployment_guid droplet_guid type revision_guid request.relationships request.revision strategy',
    options:
      'deployment_guid droplet_guid type revision_guid request.relationships request.droplet request.strategy request.options strategy',
  },
  'audit.buildpack.update': { enable: 'request.enabled', move: 'request.position request.locked' },
  'audit.service.update': { extra: 'extra', description: 'description tags' },
  'audit.service.delete': { broker: '{}', user: 'request.purge' },
  'audit.service_plan.update': {
    schemas: 'create_instance_schema update_instance_schema',
    free: 'free description',
  },
  'audit.service_plan.delete': { broker: '{}', user: 'request' },
  'audit.service_broker.create': {
    v3: 'request.name request.url request.authentication',
    v2: 'request.name request.broker_url request.auth_username request.auth_password',
  },
  'audit.service_broker.update': {
    v3: 'request.authentication',
    v2: 'request.broker_url request.auth_password',
  },
  'audit.service_instance.create': {
    v3: 'request.type request.name request.tags request.parameters request.relationships',
    v2: 'request.name request.service_plan_guid request.space_guid request.parameters',
  },
  'audit.service_instance.start_create': {
    v3: 'request.type request.name request.tags request.parameters request.relationships',
    v2: 'request.name request.service_plan_guid request.space_guid request.parameters',
  },
  'audit.service_instance.update': {
    v3: 'request.parameters',
    rename: 'request.name',
    labels: 'request.metadata',
  },
  'audit.service_instance.start_update': {
    v3: 'request.parameters',
    upgrade: 'request.maintenance_info',
  },
  'audit.user_provided_service_instance.create': {
    v3: 'request.type request.name request.credentials request.relationships',
    drain: 'request.type request.name request.syslog_drain_url request.relationships',
    v2: 'request.name request.credentials request.space_guid',
  },
  'audit.user_provided_service_instance.update': {
    v3: 'request.credentials',
    drain: 'request.syslog_drain_url',
  },
  'audit.service_binding.create': {
    v3: 'request.type request.name request.relationships',
    parameters: 'request.type request.relationships request.parameters',
    manifest: 'request.type request.relationships request.data manifest_triggered',
    v2: 'request.app_guid request.service_instance_guid',
  },
  'audit.service_binding.start_create': {
    v3: 'request.type request.relationships request.parameters',
  },
  'audit.service_binding.update': { v3: 'request.metadata' },
  'audit.service_binding.delete': { v3: 'request.app_guid request.service_instance_guid' },
  'audit.service_binding.start_delete': { v3: 'request.app_guid request.service_instance_guid' },
  'audit.service_key.create': {
    v3: 'request.type request.name request.relationships request.parameters',
    v2: 'request.name request.service_instance_guid',
  },
  'audit.service_key.start_create': { v3: 'request.type request.name request.relationships' },
  'audit.service_key.delete': { v3: 'request.service_instance_guid' },
  'audit.service_key.start_delete': { v3: 'request.service_instance_guid' },
  'audit.service_route_binding.delete': { v3: 'request.route_guid request.service_instance_guid' },
  'audit.service_route_binding.start_delete': {
    v3: 'request.route_guid request.service_instance_guid',
  },
  'audit.service_plan_visibility.update': {
    v3: 'request.type request.organizations',
    v2: 'request.service_plan_guid request.organization_guid',
  },
  'audit.route.create': {
    v3: 'request.host request.relationships',
    manifest: 'request.host request.relationships manifest_triggered',
    v2: 'request.host request.path request.domain_guid request.space_guid',
  },
  'audit.route.delete-request': { v3: 'request.recursive', bare: 'request' },
  'audit.organization.create': { v3: 'request.name', labels: 'request.name request.metadata' },
  'audit.organization.update': { suspend: 'request.suspended', labels: 'request.metadata' },
  'audit.space.create': { v3: 'request.name request.relationships' },
  'audit.space.update': {
    rename: 'request.name',
    segment: 'request.data',
    labels: 'request.metadata',
  },
  'audit.organization_quota.update': {
    apps: 'request.apps',
    all: 'request.name request.apps request.services request.routes',
  },
  'audit.space_quota.update': { apps: 'request.apps', routes: 'request.routes' },
  'audit.stack.update': { state: 'request.state request.state_reason', labels: 'request.metadata' },
};
