/**
 * A sentence for each event type that Cloud Controller writes or ever wrote.
 *
 * `{actor}`, `{target}`, `{an app}` (the target and its kind), `{data:path}` and `[one|other]` are explained in `event-sentence.ts`. The place is added at the end, or where `{in}` stands.
 */
export const SENTENCE_TEMPLATES: Readonly<Record<string, string>> = Object.assign(
  // No prototype: an event's type may be `constructor`.
  Object.create(null) as Record<string, string>,
  {
    'audit.app.create': '{actor} created {an app}',
    'audit.app.update': '{actor} changed {an app}',
    'audit.app.delete-request': '{actor} deleted {an app}',
    'audit.app.start': '{actor} started {an app}',
    'audit.app.restart': '{actor} restarted {an app}',
    'audit.app.restage': '{actor} restaged {an app}',
    'audit.app.stop': '{actor} stopped {an app}{in}[ ({data:reason})]',
    'audit.app.package.create': '{actor} created a package of {an app}',
    'audit.app.package.upload': '{actor} uploaded the bits of a package of {an app}',
    'audit.app.package.download': '{actor} downloaded the bits of a package of {an app}',
    'audit.app.package.delete': '{actor} deleted a package of {an app}',
    'audit.app.process.create': '{actor} added process [{data:process_type}|type] to {an app}',
    'audit.app.process.update':
      '{actor} changed the settings of process [{data:process_type}|type] of {an app}',
    'audit.app.process.delete': '{actor} removed process [{data:process_type}|type] of {an app}',
    'audit.app.process.rescheduling':
      '[Instance {data:index}|An instance] of {an app} is moving to another cell{in}[: {data:reason}]',
    'audit.app.process.crash':
      '[Instance {data:index}|An instance] of {an app} crashed{in}[: {data:exit_description}|: {data:reason}]',
    'audit.app.process.terminate_instance':
      '{actor} terminated [instance {data:process_index}|an instance] of [process {data:process_type} of ]{an app}',
    'audit.app.process.scale':
      '{actor} scaled [process {data:process_type} of ]{an app}[ to {data:request.instances} instances]{in}',
    'audit.app.process.ready': '[Instance {data:index}|An instance] of {an app} became ready',
    'audit.app.process.not-ready':
      '[Instance {data:index}|An instance] of {an app} is no longer ready',
    'audit.app.droplet.create': '{actor} created a droplet of {an app}',
    'audit.app.droplet.upload': '{actor} uploaded the bits of a droplet of {an app}',
    'audit.app.droplet.download': '{actor} downloaded the bits of a droplet of {an app}',
    'audit.app.droplet.delete': '{actor} deleted a droplet of {an app}',
    'audit.app.droplet.mapped': '{actor} made a droplet the current one of {an app}',
    'audit.app.task.create': '{actor} started [task {data:request.name}|a task] of {an app}',
    'audit.app.task.cancel': '{actor} cancelled [task {data:request.name}|a task] of {an app}',
    'audit.app.map-route': '{actor} mapped [route {data:route_guid}|a route] to {an app}',
    'audit.app.unmap-route': '{actor} unmapped [route {data:route_guid}|a route] from {an app}',
    'audit.app.build.create': '{actor} began to stage {an app}',
    'audit.app.build.staged': 'Staging of {an app}{in}, begun by {actor}, succeeded',
    'audit.app.build.failed':
      'Staging of {an app}{in}, begun by {actor}, failed[: {data:error_message}|: {data:error_id}]',
    'audit.app.environment.show': '{actor} read the whole environment of {an app}',
    'audit.app.environment_variables.show': '{actor} read the environment variables of {an app}',
    'audit.app.revision.create':
      '{actor} created [revision {data:revision_version}|a revision] of {an app}',
    'audit.app.revision.environment_variables.show':
      '{actor} read the environment variables of [revision {data:revision_version}|a revision] of {an app}',
    'audit.app.deployment.cancel': '{actor} cancelled a deployment of {an app}',
    'audit.app.deployment.create': '{actor} began a [{data:type}|deployment] of {an app}',
    'audit.app.deployment.continue': '{actor} continued a paused deployment of {an app}',
    'audit.app.copy-bits': '{actor} copied bits from or to {an app}',
    'audit.app.upload-bits': '{actor} uploaded the bits of {an app}',
    'audit.app.apply_manifest': '{actor} applied a manifest to {an app}',
    'audit.app.ssh-authorized': '{actor} got SSH access to [instance {data:index} of ]{an app}',
    'audit.app.ssh-unauthorized':
      '{actor} was refused SSH access to [instance {data:index} of ]{an app}',
    'app.crash':
      '[Instance {data:index}|An instance] of {an app} crashed, as the app itself recorded it{in}[: {data:exit_description}|: {data:reason}]',

    'audit.buildpack.create': '{actor} created {a buildpack}',
    'audit.buildpack.update': '{actor} changed {a buildpack}',
    'audit.buildpack.delete': '{actor} deleted {a buildpack}',
    'audit.buildpack.upload': '{actor} uploaded the bits of {a buildpack}',

    'audit.stack.create': '{actor} created {a stack}',
    'audit.stack.update': '{actor} changed {a stack}',
    'audit.stack.delete': '{actor} deleted {a stack}',

    'audit.service.create': '{actor} offered {a service}',
    'audit.service.update': '{actor} changed the offer of {a service}',
    'audit.service.delete': '{actor} removed the offer of {a service}',
    'audit.service_broker.create': '{actor} registered {a service broker}',
    'audit.service_broker.update': '{actor} changed {a service broker}',
    'audit.service_broker.delete': '{actor} removed {a service broker}',
    'audit.service_plan.create': '{actor} offered {a service plan}',
    'audit.service_plan.update': '{actor} changed {a service plan}',
    'audit.service_plan.delete': '{actor} removed {a service plan}',
    'audit.service_plan_visibility.create':
      '{actor} made [service plan {data:request.service_plan_guid}|a service plan] visible',
    'audit.service_plan_visibility.update':
      '{actor} changed who may see [service plan {data:request.service_plan_guid}|service plan {target}|a service plan]',
    'audit.service_plan_visibility.delete': '{actor} made a service plan invisible',
    'audit.service_dashboard_client.create': '{actor} got {a dashboard client} at UAA',
    'audit.service_dashboard_client.delete': '{actor} lost {a dashboard client} at UAA',

    'audit.service_instance.create': '{actor} created {a service instance}',
    'audit.service_instance.update': '{actor} changed {a service instance}',
    'audit.service_instance.delete': '{actor} deleted {a service instance}',
    'audit.service_instance.start_create': '{actor} began to create {a service instance}',
    'audit.service_instance.start_update': '{actor} began to change {a service instance}',
    'audit.service_instance.start_delete': '{actor} began to delete {a service instance}',
    'audit.service_instance.bind_route':
      '{actor} bound [route {data:request.route_guid}|a route] to {a service instance}',
    'audit.service_instance.unbind_route':
      '{actor} unbound [route {data:request.route_guid}|a route] from {a service instance}',
    'audit.service_instance.share': '{actor} shared {a service instance} with other spaces',
    'audit.service_instance.unshare':
      '{actor} stopped sharing {a service instance} with another space',
    'audit.service_instance.purge': '{actor} purged {a service instance} without asking its broker',
    'audit.service_instance.show': '{actor} read {a service instance}',
    'audit.user_provided_service_instance.create':
      '{actor} created {a user-provided service instance}',
    'audit.user_provided_service_instance.update':
      '{actor} changed {a user-provided service instance}',
    'audit.user_provided_service_instance.delete':
      '{actor} deleted {a user-provided service instance}',
    'audit.user_provided_service_instance.show':
      '{actor} read the credentials of {a user-provided service instance}',

    'audit.service_binding.create': '{actor} created {a service binding}',
    'audit.service_binding.update': '{actor} changed labels or annotations of {a service binding}',
    'audit.service_binding.delete': '{actor} deleted {a service binding}',
    'audit.service_binding.start_create': '{actor} began to create {a service binding}',
    'audit.service_binding.start_delete': '{actor} began to delete {a service binding}',
    'audit.service_binding.show': '{actor} read the credentials of {a service binding}',
    'audit.service_key.create': '{actor} created {a service key}',
    'audit.service_key.update': '{actor} changed labels or annotations of {a service key}',
    'audit.service_key.delete': '{actor} deleted {a service key}',
    'audit.service_key.start_create': '{actor} began to create {a service key}',
    'audit.service_key.start_delete': '{actor} began to delete {a service key}',
    'audit.service_key.show': '{actor} read the credentials of {a service key}',
    'audit.service_route_binding.create': '{actor} created {a route binding}',
    'audit.service_route_binding.update':
      '{actor} changed labels or annotations of {a route binding}',
    'audit.service_route_binding.delete': '{actor} deleted {a route binding}',
    'audit.service_route_binding.start_create': '{actor} began to create {a route binding}',
    'audit.service_route_binding.start_delete': '{actor} began to delete {a route binding}',

    'audit.route.create': '{actor} created {a route}',
    'audit.route.update': '{actor} changed {a route}',
    'audit.route.delete-request': '{actor} deleted {a route}',
    'audit.route.share': '{actor} shared {a route} with other spaces',
    'audit.route.unshare': '{actor} stopped sharing {a route} with another space',
    'audit.route.transfer-owner':
      '{actor} moved {a route}[ to space {data:target_space_guid}| to another space]{in}',
    'audit.route_policy.create':
      '{actor} allowed [{target}|a source] to reach [route {data:request.route_guid}|a route]',
    'audit.route_policy.update': '{actor} changed labels or annotations of {a route policy}',
    'audit.route_policy.delete': '{actor} removed {a route policy}',

    'audit.organization.create': '{actor} created {an organization}',
    'audit.organization.update': '{actor} changed {an organization}',
    'audit.organization.delete-request': '{actor} deleted {an organization}',
    'audit.organization_quota.create': '{actor} created {an organization quota}',
    'audit.organization_quota.update': '{actor} changed {an organization quota}',
    'audit.organization_quota.delete': '{actor} deleted {an organization quota}',
    'audit.organization_quota.apply':
      '{actor} applied {an organization quota}[ to organization {data:organization_name}| to organization {data:organization_guid}| to an organization]{in}',
    'audit.space.create': '{actor} created {a space}',
    'audit.space.update': '{actor} changed {a space}',
    'audit.space.delete-request': '{actor} deleted {a space}',
    'audit.space_quota.create': '{actor} created {a space quota}',
    'audit.space_quota.update': '{actor} changed {a space quota}',
    'audit.space_quota.delete': '{actor} deleted {a space quota}',
    'audit.space_quota.apply': '{actor} applied {a space quota}',
    'audit.space_quota.remove': '{actor} took off {a space quota}',

    'audit.user.space_auditor_add': '{actor} gave {a user} the role space auditor',
    'audit.user.space_auditor_remove': '{actor} took the role space auditor from {a user}',
    'audit.user.space_supporter_add': '{actor} gave {a user} the role space supporter',
    'audit.user.space_supporter_remove': '{actor} took the role space supporter from {a user}',
    'audit.user.space_developer_add': '{actor} gave {a user} the role space developer',
    'audit.user.space_developer_remove': '{actor} took the role space developer from {a user}',
    'audit.user.space_manager_add': '{actor} gave {a user} the role space manager',
    'audit.user.space_manager_remove': '{actor} took the role space manager from {a user}',
    'audit.user.organization_user_add': '{actor} gave {a user} the role organization user',
    'audit.user.organization_user_remove': '{actor} took the role organization user from {a user}',
    'audit.user.organization_auditor_add': '{actor} gave {a user} the role organization auditor',
    'audit.user.organization_auditor_remove':
      '{actor} took the role organization auditor from {a user}',
    'audit.user.organization_billing_manager_add':
      '{actor} gave {a user} the role organization billing manager',
    'audit.user.organization_billing_manager_remove':
      '{actor} took the role organization billing manager from {a user}',
    'audit.user.organization_manager_add': '{actor} gave {a user} the role organization manager',
    'audit.user.organization_manager_remove':
      '{actor} took the role organization manager from {a user}',

    'blob.remove_orphan': '{actor} removed orphaned {a blob}',

    // Names that Cloud Controller wrote once and has given up since.
    'audit.app.add_package': '{actor} added a package to {an app}',
    'audit.app.add_process': '{actor} added a process to {an app}',
    'audit.app.remove_process': '{actor} removed a process from {an app}',
    'audit.app.delete': '{actor} deleted {an app}',
    'audit.app.droplet_mapped': '{actor} made a droplet the current one of {an app}',
    'audit.broker.create': '{actor} registered {a service broker}',
    'audit.broker.update': '{actor} changed {a service broker}',
    'audit.broker.delete': '{actor} removed {a service broker}',
    'audit.space.delete': '{actor} deleted {a space}',
  },
);
