/** What Cloud Controller is known to write into `actor.type`. Others may come; none is refused. */
export const ACTOR_TYPES = ['user', 'process', 'app', 'system', 'service_broker'] as const;

/** What Cloud Controller is known to write into `target.type`; others may come. */
export const TARGET_TYPES = [
  'app',
  'blob',
  'buildpack',
  'organization',
  'organization_quota',
  'route',
  'route_policy',
  'service',
  'service_binding',
  'service_broker',
  'service_dashboard_client',
  'service_instance',
  'service_key',
  'service_plan',
  'service_plan_visibility',
  'service_route_binding',
  'space',
  'space_quota',
  'stack',
  'user',
  'user_provided_service_instance',
] as const;
