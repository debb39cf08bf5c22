import type { V3Route } from '../context.ts';
import { listApps, showApp } from './apps.ts';
import { listAuditEvents, showAuditEvent } from './audit-events.ts';
import { listOrganizations, showOrganization } from './organizations.ts';
import { listRoles, showRole } from './roles.ts';
import { listSpaces, showSpace } from './spaces.ts';
import { listAppTasks, listTasks, showTask } from './tasks.ts';
import { listUsers, showUser } from './users.ts';

/** The routes that need a token with a read scope, by path; `:guid` stands for the third segment. */
export const V3_ROUTES: Readonly<Record<string, V3Route>> = {
  '/v3/audit_events': listAuditEvents,
  '/v3/audit_events/:guid': showAuditEvent,
  '/v3/organizations': listOrganizations,
  '/v3/organizations/:guid': showOrganization,
  '/v3/spaces': listSpaces,
  '/v3/spaces/:guid': showSpace,
  '/v3/apps': listApps,
  '/v3/apps/:guid': showApp,
  '/v3/apps/:guid/tasks': listAppTasks,
  '/v3/users': listUsers,
  '/v3/users/:guid': showUser,
  '/v3/roles': listRoles,
  '/v3/roles/:guid': showRole,
  '/v3/tasks': listTasks,
  '/v3/tasks/:guid': showTask,
};
