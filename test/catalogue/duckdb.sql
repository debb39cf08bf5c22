CREATE OR REPLACE MACRO json_extract_scalar(document, path) AS
  TRY(CASE WHEN json_type(document, path) IN ('OBJECT', 'ARRAY', 'NULL') THEN NULL ELSE json_extract_string(document, path) END);

CREATE OR REPLACE MACRO json_format(document) AS TRY(CAST(document AS varchar));

CREATE OR REPLACE MACRO regexp_like(string, pattern) AS regexp_matches(string, pattern);

CREATE OR REPLACE MACRO day_of_week(instant) AS isodow(instant);

CREATE OR REPLACE VIEW audit_events AS
SELECT
  foundation,
  dt,
  guid,
  created_at,
  updated_at,
  type,
  actor_guid,
  actor_type,
  actor_name,
  actor_username,
  target_guid,
  target_type,
  target_name,
  space_guid,
  space_name,
  organization_guid,
  organization_name,
  data,
  extra,
  collected_at
FROM (
  SELECT *,
    regexp_extract(filename, 'foundation=([a-z0-9-]+)\Wdt=[0-9-]+\W[\w.-]+$', 1) AS foundation,
    regexp_extract(filename, 'dt=([0-9-]+)\W[\w.-]+$', 1) AS dt
  FROM read_parquet('s3://my-audit-archive/events/v1/*/*/*.parquet', hive_partitioning = false, filename = true)
);

CREATE OR REPLACE VIEW app_events AS
SELECT
  foundation,
  dt,
  created_at,
  guid,
  type,
  actor_guid,
  actor_type,
  actor_name,
  target_guid AS app_guid,
  target_name AS app_name,
  CASE WHEN json_format(json_extract(data, '$.request')) IS NULL
    THEN concat_ws(', ',
      'index: ' || coalesce(json_extract_scalar(data, '$.index'), nullif(json_format(json_extract(data, '$.index')), 'null')),
      'reason: ' || coalesce(json_extract_scalar(data, '$.reason'), nullif(json_format(json_extract(data, '$.reason')), 'null')),
      'cell_id: ' || coalesce(json_extract_scalar(data, '$.cell_id'), nullif(json_format(json_extract(data, '$.cell_id')), 'null')),
      'instance: ' || coalesce(json_extract_scalar(data, '$.instance'), nullif(json_format(json_extract(data, '$.instance')), 'null')),
      'exit_description: ' || coalesce(json_extract_scalar(data, '$.exit_description'), nullif(json_format(json_extract(data, '$.exit_description')), 'null')),
      'exit_status: ' || coalesce(json_extract_scalar(data, '$.exit_status'), nullif(json_format(json_extract(data, '$.exit_status')), 'null')),
      'recursive: ' || coalesce(json_extract_scalar(data, '$.recursive'), nullif(json_format(json_extract(data, '$.recursive')), 'null')),
      'disk_quota: ' || coalesce(json_extract_scalar(data, '$.disk_quota'), nullif(json_format(json_extract(data, '$.disk_quota')), 'null')),
      'instances: ' || coalesce(json_extract_scalar(data, '$.instances'), nullif(json_format(json_extract(data, '$.instances')), 'null')),
      'memory: ' || coalesce(json_extract_scalar(data, '$.memory'), nullif(json_format(json_extract(data, '$.memory')), 'null')),
      'state: ' || coalesce(json_extract_scalar(data, '$.state'), nullif(json_format(json_extract(data, '$.state')), 'null')),
      'command: ' || coalesce(json_extract_scalar(data, '$.command'), nullif(json_format(json_extract(data, '$.command')), 'null')),
      'environment_json: ' || coalesce(json_extract_scalar(data, '$.environment_json'), nullif(json_format(json_extract(data, '$.environment_json')), 'null'))
    )
    ELSE concat_ws(', ',
      'index: ' || coalesce(json_extract_scalar(data, '$.request.index'), nullif(json_format(json_extract(data, '$.request.index')), 'null')),
      'reason: ' || coalesce(json_extract_scalar(data, '$.request.reason'), nullif(json_format(json_extract(data, '$.request.reason')), 'null')),
      'cell_id: ' || coalesce(json_extract_scalar(data, '$.request.cell_id'), nullif(json_format(json_extract(data, '$.request.cell_id')), 'null')),
      'instance: ' || coalesce(json_extract_scalar(data, '$.request.instance'), nullif(json_format(json_extract(data, '$.request.instance')), 'null')),
      'exit_description: ' || coalesce(json_extract_scalar(data, '$.request.exit_description'), nullif(json_format(json_extract(data, '$.request.exit_description')), 'null')),
      'exit_status: ' || coalesce(json_extract_scalar(data, '$.request.exit_status'), nullif(json_format(json_extract(data, '$.request.exit_status')), 'null')),
      'recursive: ' || coalesce(json_extract_scalar(data, '$.request.recursive'), nullif(json_format(json_extract(data, '$.request.recursive')), 'null')),
      'disk_quota: ' || coalesce(json_extract_scalar(data, '$.request.disk_quota'), nullif(json_format(json_extract(data, '$.request.disk_quota')), 'null')),
      'instances: ' || coalesce(json_extract_scalar(data, '$.request.instances'), nullif(json_format(json_extract(data, '$.request.instances')), 'null')),
      'memory: ' || coalesce(json_extract_scalar(data, '$.request.memory'), nullif(json_format(json_extract(data, '$.request.memory')), 'null')),
      'state: ' || coalesce(json_extract_scalar(data, '$.request.state'), nullif(json_format(json_extract(data, '$.request.state')), 'null')),
      'command: ' || coalesce(json_extract_scalar(data, '$.request.command'), nullif(json_format(json_extract(data, '$.request.command')), 'null')),
      'environment_json: ' || coalesce(json_extract_scalar(data, '$.request.environment_json'), nullif(json_format(json_extract(data, '$.request.environment_json')), 'null'))
    )
    END AS description,
  data,
  space_guid,
  space_name,
  organization_guid,
  organization_name
FROM audit_events
WHERE target_type = 'app';

CREATE OR REPLACE VIEW user_role_changes AS
SELECT
  foundation,
  dt,
  created_at,
  guid,
  type,
  actor_guid,
  actor_type,
  actor_name,
  CASE WHEN type LIKE '%add' THEN 'add' ELSE 'remove' END AS action,
  regexp_extract(type, '^audit\.user\.(.+)_(add|remove)$', 1) AS role,
  target_guid AS user_guid,
  target_name AS user_name,
  space_guid,
  space_name,
  organization_guid,
  organization_name
FROM audit_events
WHERE regexp_like(type, '^audit\.user\..+_(add|remove)$');

CREATE OR REPLACE VIEW route_changes AS
SELECT
  foundation,
  dt,
  created_at,
  guid,
  type,
  actor_guid,
  actor_type,
  actor_name,
  regexp_extract(type, '[^.]+$') AS action,
  CASE
    WHEN starts_with(type, 'audit.route.') THEN target_guid
    ELSE coalesce(json_extract_scalar(data, '$.route_guid'), json_extract_scalar(data, '$.request.route_guid'), json_extract_scalar(data, '$.request.relationships.route.data.guid'))
    END AS route_guid,
  CASE WHEN starts_with(type, 'audit.route.') THEN target_name END AS route_host,
  json_extract_scalar(data, '$.request.path') AS route_path,
  coalesce(json_extract_scalar(data, '$.request.domain_guid'), json_extract_scalar(data, '$.request.relationships.domain.data.guid')) AS domain_guid,
  CASE WHEN type IN ('audit.app.map-route', 'audit.app.unmap-route') THEN target_guid END AS app_guid,
  CASE WHEN type IN ('audit.app.map-route', 'audit.app.unmap-route') THEN target_name END AS app_name,
  try_cast(json_extract_scalar(data, '$.app_port') AS bigint) AS app_port,
  json_extract_scalar(data, '$.process_type') AS process_type,
  coalesce(json_extract_scalar(data, '$.target_space_guid'), json_extract_scalar(data, '$.target_space_guids[0]')) AS target_space_guid,
  CASE WHEN starts_with(type, 'audit.route_policy.') THEN target_name END AS policy_source,
  space_guid,
  space_name,
  organization_guid,
  organization_name
FROM audit_events
WHERE starts_with(type, 'audit.route.')
    OR starts_with(type, 'audit.route_policy.')
    OR type IN ('audit.app.map-route', 'audit.app.unmap-route');

CREATE OR REPLACE VIEW service_changes AS
SELECT
  foundation,
  dt,
  created_at,
  guid,
  type,
  actor_guid,
  actor_type,
  actor_name,
  regexp_extract(type, '^audit\.([^.]+)\.', 1) AS kind,
  regexp_extract(type, '[^.]+$') AS action,
  target_guid,
  target_name,
  CASE
    WHEN type LIKE 'audit.%service\_instance.%' ESCAPE '\' THEN target_guid
    ELSE coalesce(json_extract_scalar(data, '$.request.service_instance_guid'), json_extract_scalar(data, '$.request.relationships.service_instance.data.guid'))
    END AS service_instance_guid,
  coalesce(json_extract_scalar(data, '$.request.app_guid'), json_extract_scalar(data, '$.request.relationships.app.data.guid')) AS app_guid,
  coalesce(json_extract_scalar(data, '$.request.route_guid'), json_extract_scalar(data, '$.request.relationships.route.data.guid')) AS route_guid,
  coalesce(json_extract_scalar(data, '$.request.service_plan_guid'), json_extract_scalar(data, '$.request.relationships.service_plan.data.guid')) AS service_plan_guid,
  space_guid,
  space_name,
  organization_guid,
  organization_name
FROM audit_events
WHERE (starts_with(type, 'audit.service_instance.')
    OR starts_with(type, 'audit.user_provided_service_instance.')
    OR starts_with(type, 'audit.service_binding.')
    OR starts_with(type, 'audit.service_key.')
    OR starts_with(type, 'audit.service_route_binding.'))
    AND type NOT LIKE '%.show';

CREATE OR REPLACE VIEW task_runs AS
SELECT
  foundation,
  dt,
  created_at,
  guid,
  type,
  actor_guid,
  actor_type,
  actor_name,
  regexp_extract(type, '[^.]+$') AS action,
  target_guid AS app_guid,
  target_name AS app_name,
  json_extract_scalar(data, '$.task_guid') AS task_guid,
  json_extract_scalar(data, '$.request.name') AS task_name,
  try_cast(json_extract_scalar(data, '$.request.memory_in_mb') AS bigint) AS memory_in_mb,
  space_guid,
  space_name,
  organization_guid,
  organization_name
FROM audit_events
WHERE type IN (
    'audit.app.task.create',
    'audit.app.task.cancel'
  );

CREATE OR REPLACE VIEW ssh_access AS
SELECT
  foundation,
  dt,
  created_at,
  guid,
  type,
  actor_guid,
  actor_type,
  actor_name,
  CASE WHEN type = 'audit.app.ssh-authorized' THEN 'authorized' ELSE 'refused' END AS outcome,
  target_guid AS app_guid,
  target_name AS app_name,
  try_cast(json_extract_scalar(data, '$.index') AS bigint) AS instance_index,
  space_guid,
  space_name,
  organization_guid,
  organization_name
FROM audit_events
WHERE type IN (
    'audit.app.ssh-authorized',
    'audit.app.ssh-unauthorized'
  );

CREATE OR REPLACE VIEW crashes AS
SELECT
  foundation,
  dt,
  created_at,
  guid,
  type,
  actor_guid,
  actor_type,
  actor_name,
  target_guid AS app_guid,
  target_name AS app_name,
  try_cast(json_extract_scalar(data, '$.index') AS bigint) AS instance_index,
  json_extract_scalar(data, '$.instance') AS instance_id,
  json_extract_scalar(data, '$.cell_id') AS cell_id,
  json_extract_scalar(data, '$.reason') AS reason,
  try_cast(json_extract_scalar(data, '$.exit_status') AS bigint) AS exit_status,
  json_extract_scalar(data, '$.exit_description') AS exit_description,
  try_cast(json_extract_scalar(data, '$.crash_count') AS bigint) AS crash_count,
  space_guid,
  space_name,
  organization_guid,
  organization_name
FROM audit_events
WHERE type IN (
    'audit.app.process.crash'
  );

CREATE OR REPLACE VIEW secrets_read AS
SELECT
  foundation,
  dt,
  created_at,
  guid,
  type,
  actor_guid,
  actor_type,
  actor_name,
  CASE type
    WHEN 'audit.app.environment.show' THEN 'environment of an app'
    WHEN 'audit.app.environment_variables.show' THEN 'environment variables of an app'
    WHEN 'audit.app.revision.environment_variables.show' THEN 'environment variables of a revision'
    WHEN 'audit.service_binding.show' THEN 'credentials of a binding'
    WHEN 'audit.service_key.show' THEN 'credentials of a service key'
    WHEN 'audit.user_provided_service_instance.show' THEN 'credentials of a user-provided service'
    END AS secret,
  target_guid,
  target_type,
  target_name,
  json_extract_scalar(data, '$.request.service_instance_guid') AS service_instance_guid,
  json_extract_scalar(data, '$.request.app_guid') AS app_guid,
  space_guid,
  space_name,
  organization_guid,
  organization_name
FROM audit_events
WHERE type IN (
    'audit.app.environment.show',
    'audit.app.environment_variables.show',
    'audit.app.revision.environment_variables.show',
    'audit.service_binding.show',
    'audit.service_key.show',
    'audit.user_provided_service_instance.show'
  );

CREATE OR REPLACE VIEW deployments AS
SELECT
  foundation,
  dt,
  created_at,
  guid,
  type,
  actor_guid,
  actor_type,
  actor_name,
  regexp_extract(type, '^audit\.app\.(.+)$', 1) AS step,
  target_guid AS app_guid,
  target_name AS app_name,
  coalesce(json_extract_scalar(data, '$.droplet_guid'), json_extract_scalar(data, '$.request.droplet_guid')) AS droplet_guid,
  json_extract_scalar(data, '$.package_guid') AS package_guid,
  json_extract_scalar(data, '$.build_guid') AS build_guid,
  json_extract_scalar(data, '$.deployment_guid') AS deployment_guid,
  json_extract_scalar(data, '$.type') AS deployment_type,
  coalesce(json_extract_scalar(data, '$.strategy'), json_extract_scalar(data, '$.request.strategy')) AS strategy,
  coalesce(json_extract_scalar(data, '$.error_message'), json_extract_scalar(data, '$.error_id')) AS error,
  space_guid,
  space_name,
  organization_guid,
  organization_name
FROM audit_events
WHERE type IN (
    'audit.app.build.create',
    'audit.app.build.staged',
    'audit.app.build.failed',
    'audit.app.droplet.mapped',
    'audit.app.deployment.create',
    'audit.app.deployment.continue',
    'audit.app.deployment.cancel',
    'audit.app.restage',
    'audit.app.copy-bits'
  );

CREATE OR REPLACE VIEW admin_changes AS
SELECT
  foundation,
  dt,
  created_at,
  guid,
  type,
  actor_guid,
  actor_type,
  actor_name,
  regexp_extract(type, '^audit\.([^.]+)\.', 1) AS kind,
  regexp_extract(type, '[^.]+$') AS action,
  target_guid,
  target_name,
  data,
  organization_guid,
  organization_name
FROM audit_events
WHERE starts_with(type, 'audit.buildpack.')
    OR starts_with(type, 'audit.stack.')
    OR starts_with(type, 'audit.organization_quota.')
    OR starts_with(type, 'audit.space_quota.')
    OR starts_with(type, 'audit.service_broker.')
    OR starts_with(type, 'audit.broker.')
    OR starts_with(type, 'audit.service.')
    OR starts_with(type, 'audit.service_plan.')
    OR starts_with(type, 'audit.service_plan_visibility.')
    OR starts_with(type, 'audit.service_dashboard_client.');

CREATE OR REPLACE VIEW deletions AS
SELECT
  foundation,
  dt,
  created_at,
  guid,
  type,
  actor_guid,
  actor_type,
  actor_name,
  target_guid,
  target_type,
  target_name,
  CASE WHEN json_extract_scalar(data, '$.request.recursive') = 'true' THEN 'yes' ELSE 'no' END AS recursively,
  space_guid,
  space_name,
  organization_guid,
  organization_name
FROM audit_events
WHERE regexp_like(type, '\.(delete|delete-request|purge)$');

CREATE OR REPLACE MACRO query_log() AS TABLE SELECT foundation, dt, id, logged_at, asked_at, user_guid, user_name, client_id, sees, address, path, parameters, purpose, status, outcome, row_count, scanned_bytes, complete, entry
FROM (
  SELECT *,
    regexp_extract(filename, 'foundation=([a-z0-9-]+)\Wdt=[0-9-]+\W[\w.-]+$', 1) AS foundation,
    regexp_extract(filename, 'dt=([0-9-]+)\W[\w.-]+$', 1) AS dt
  FROM read_parquet('s3://my-audit-archive/queries/v1/days/*/*/*.parquet', hive_partitioning = false, filename = true)
);
