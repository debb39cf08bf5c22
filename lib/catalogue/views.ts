import { COLUMNS } from '../domain/columns.ts';
import { APP_EVENTS } from './app-events-view.ts';
import { PARTITION_COLUMNS } from './table.ts';
import {
  ACTION,
  dataColumn,
  KIND,
  numberColumn,
  textColumn,
  typeBegins,
  typeIn,
  type View,
  WHEN_AND_WHO,
  WHERE_ABOUTS,
} from './view.ts';

/** All events with all columns, under one name in every engine; the other views read it. */
export const AUDIT_EVENTS: View = {
  name: 'audit_events',
  meaning: 'an audit event',
  columns: [...PARTITION_COLUMNS.map((name) => textColumn(name)), ...COLUMNS],
};

const USER_ROLE_CHANGES: View = {
  name: 'user_role_changes',
  meaning: 'a role given to or taken from a user',
  columns: [
    ...WHEN_AND_WHO,
    textColumn('action', "CASE WHEN type LIKE '%add' THEN 'add' ELSE 'remove' END"),
    textColumn('role', "regexp_extract(type, '^audit\\.user\\.(.+)_(add|remove)$', 1)"),
    textColumn('user_guid', 'target_guid'),
    textColumn('user_name', 'target_name'),
    ...WHERE_ABOUTS,
  ],
  where: "regexp_like(type, '^audit\\.user\\..+_(add|remove)$')",
};

const IS_MAPPING = "type IN ('audit.app.map-route', 'audit.app.unmap-route')";

const ROUTE_CHANGES: View = {
  name: 'route_changes',
  meaning: 'a change of a route, of its policies, or of the apps it leads to',
  columns: [
    ...WHEN_AND_WHO,
    ACTION,
    textColumn(
      'route_guid',
      `CASE
    WHEN starts_with(type, 'audit.route.') THEN target_guid
    ELSE coalesce(json_extract_scalar(data, '$.route_guid'), json_extract_scalar(data, '$.request.route_guid'), json_extract_scalar(data, '$.request.relationships.route.data.guid'))
    END`,
    ),
    textColumn('route_host', "CASE WHEN starts_with(type, 'audit.route.') THEN target_name END"),
    dataColumn('route_path', 'request.path'),
    dataColumn('domain_guid', 'request.domain_guid', 'request.relationships.domain.data.guid'),
    textColumn('app_guid', `CASE WHEN ${IS_MAPPING} THEN target_guid END`),
    textColumn('app_name', `CASE WHEN ${IS_MAPPING} THEN target_name END`),
    numberColumn('app_port', 'app_port'),
    dataColumn('process_type', 'process_type'),
    dataColumn('target_space_guid', 'target_space_guid', 'target_space_guids[0]'),
    textColumn(
      'policy_source',
      "CASE WHEN starts_with(type, 'audit.route_policy.') THEN target_name END",
    ),
    ...WHERE_ABOUTS,
  ],
  where: `${typeBegins('audit.route.', 'audit.route_policy.')}
    OR ${IS_MAPPING}`,
};

const SERVICE_KINDS = [
  'service_instance',
  'user_provided_service_instance',
  'service_binding',
  'service_key',
  'service_route_binding',
];

const IS_INSTANCE = "type LIKE 'audit.%service\\_instance.%' ESCAPE '\\'";

const SERVICE_CHANGES: View = {
  name: 'service_changes',
  meaning: 'a change of a service instance, binding, key or route binding',
  columns: [
    ...WHEN_AND_WHO,
    KIND,
    ACTION,
    textColumn('target_guid'),
    textColumn('target_name'),
    textColumn(
      'service_instance_guid',
      `CASE
    WHEN ${IS_INSTANCE} THEN target_guid
    ELSE coalesce(json_extract_scalar(data, '$.request.service_instance_guid'), json_extract_scalar(data, '$.request.relationships.service_instance.data.guid'))
    END`,
    ),
    dataColumn('app_guid', 'request.app_guid', 'request.relationships.app.data.guid'),
    dataColumn('route_guid', 'request.route_guid', 'request.relationships.route.data.guid'),
    dataColumn(
      'service_plan_guid',
      'request.service_plan_guid',
      'request.relationships.service_plan.data.guid',
    ),
    ...WHERE_ABOUTS,
  ],
  where: `(${typeBegins(...SERVICE_KINDS.map((kind) => `audit.${kind}.`))})
    AND type NOT LIKE '%.show'`,
};

const TASK_RUNS: View = {
  name: 'task_runs',
  meaning: 'a task started, or cancelled',
  columns: [
    ...WHEN_AND_WHO,
    ACTION,
    textColumn('app_guid', 'target_guid'),
    textColumn('app_name', 'target_name'),
    dataColumn('task_guid', 'task_guid'),
    dataColumn('task_name', 'request.name'),
    numberColumn('memory_in_mb', 'request.memory_in_mb'),
    ...WHERE_ABOUTS,
  ],
  where: typeIn(['audit.app.task.create', 'audit.app.task.cancel']),
};

const SSH_ACCESS: View = {
  name: 'ssh_access',
  meaning: 'an attempt to enter an instance of an app by SSH',
  columns: [
    ...WHEN_AND_WHO,
    textColumn(
      'outcome',
      "CASE WHEN type = 'audit.app.ssh-authorized' THEN 'authorized' ELSE 'refused' END",
    ),
    textColumn('app_guid', 'target_guid'),
    textColumn('app_name', 'target_name'),
    numberColumn('instance_index', 'index'),
    ...WHERE_ABOUTS,
  ],
  where: typeIn(['audit.app.ssh-authorized', 'audit.app.ssh-unauthorized']),
};

/** Each crash is written twice: also as `app.crash`, which knows less. */
const CRASHES: View = {
  name: 'crashes',
  meaning: 'an instance of an app that crashed',
  columns: [
    ...WHEN_AND_WHO,
    textColumn('app_guid', 'target_guid'),
    textColumn('app_name', 'target_name'),
    numberColumn('instance_index', 'index'),
    dataColumn('instance_id', 'instance'),
    dataColumn('cell_id', 'cell_id'),
    dataColumn('reason', 'reason'),
    numberColumn('exit_status', 'exit_status'),
    dataColumn('exit_description', 'exit_description'),
    numberColumn('crash_count', 'crash_count'),
    ...WHERE_ABOUTS,
  ],
  where: typeIn(['audit.app.process.crash']),
};

/** A type that reads a secret, and what it reads. */
const SECRETS: Readonly<Record<string, string>> = {
  'audit.app.environment.show': 'environment of an app',
  'audit.app.environment_variables.show': 'environment variables of an app',
  'audit.app.revision.environment_variables.show': 'environment variables of a revision',
  'audit.service_binding.show': 'credentials of a binding',
  'audit.service_key.show': 'credentials of a service key',
  'audit.user_provided_service_instance.show': 'credentials of a user-provided service',
};

const SECRETS_READ: View = {
  name: 'secrets_read',
  meaning: 'somebody read an environment or credentials',
  columns: [
    ...WHEN_AND_WHO,
    textColumn(
      'secret',
      `CASE type\n${Object.entries(SECRETS)
        .map(([type, secret]) => `    WHEN '${type}' THEN '${secret}'\n`)
        .join('')}    END`,
    ),
    textColumn('target_guid'),
    textColumn('target_type'),
    textColumn('target_name'),
    dataColumn('service_instance_guid', 'request.service_instance_guid'),
    dataColumn('app_guid', 'request.app_guid'),
    ...WHERE_ABOUTS,
  ],
  where: typeIn(Object.keys(SECRETS)),
};

const DEPLOYMENTS: View = {
  name: 'deployments',
  meaning: 'new code on its way to an app: staged, made current, rolled out, rolled back',
  columns: [
    ...WHEN_AND_WHO,
    textColumn('step', "regexp_extract(type, '^audit\\.app\\.(.+)$', 1)"),
    textColumn('app_guid', 'target_guid'),
    textColumn('app_name', 'target_name'),
    dataColumn('droplet_guid', 'droplet_guid', 'request.droplet_guid'),
    dataColumn('package_guid', 'package_guid'),
    dataColumn('build_guid', 'build_guid'),
    dataColumn('deployment_guid', 'deployment_guid'),
    dataColumn('deployment_type', 'type'),
    dataColumn('strategy', 'strategy', 'request.strategy'),
    dataColumn('error', 'error_message', 'error_id'),
    ...WHERE_ABOUTS,
  ],
  where: typeIn([
    'audit.app.build.create',
    'audit.app.build.staged',
    'audit.app.build.failed',
    'audit.app.droplet.mapped',
    'audit.app.deployment.create',
    'audit.app.deployment.continue',
    'audit.app.deployment.cancel',
    'audit.app.restage',
    'audit.app.copy-bits',
  ]),
};

const ADMIN_CHANGES: View = {
  name: 'admin_changes',
  meaning: 'a change of the foundation itself: buildpacks, stacks, quotas, brokers, plans',
  columns: [
    ...WHEN_AND_WHO,
    KIND,
    ACTION,
    textColumn('target_guid'),
    textColumn('target_name'),
    textColumn('data'),
    textColumn('organization_guid'),
    textColumn('organization_name'),
  ],
  where: typeBegins(
    'audit.buildpack.',
    'audit.stack.',
    'audit.organization_quota.',
    'audit.space_quota.',
    'audit.service_broker.',
    'audit.broker.',
    'audit.service.',
    'audit.service_plan.',
    'audit.service_plan_visibility.',
    'audit.service_dashboard_client.',
  ),
};

const DELETIONS: View = {
  name: 'deletions',
  meaning: 'something was deleted or purged',
  columns: [
    ...WHEN_AND_WHO,
    textColumn('target_guid'),
    textColumn('target_type'),
    textColumn('target_name'),
    textColumn(
      'recursively',
      "CASE WHEN json_extract_scalar(data, '$.request.recursive') = 'true' THEN 'yes' ELSE 'no' END",
    ),
    ...WHERE_ABOUTS,
  ],
  where: "regexp_like(type, '\\.(delete|delete-request|purge)$')",
};

/** Every view, each after those it reads. */
export const VIEWS: readonly View[] = [
  AUDIT_EVENTS,
  APP_EVENTS,
  USER_ROLE_CHANGES,
  ROUTE_CHANGES,
  SERVICE_CHANGES,
  TASK_RUNS,
  SSH_ACCESS,
  CRASHES,
  SECRETS_READ,
  DEPLOYMENTS,
  ADMIN_CHANGES,
  DELETIONS,
];
