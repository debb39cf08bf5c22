import type { Report } from './report.ts';
import { adminChanges } from './reports/admin-changes.ts';
import { allEvents } from './reports/all-events.ts';
import { appHistory } from './reports/app-history.ts';
import { crashes } from './reports/crashes.ts';
import { routeChanges } from './reports/route-changes.ts';
import { secretsRead } from './reports/secrets-read.ts';
import { serviceBindings } from './reports/service-bindings.ts';
import { serviceChanges } from './reports/service-changes.ts';
import { serviceInstances } from './reports/service-instances.ts';
import { sshAccess } from './reports/ssh-access.ts';
import { userAccessChanges } from './reports/user-access-changes.ts';

/** Every report there is, in the order in which they are listed. */
export const REPORTS: readonly Report[] = [
  userAccessChanges,
  routeChanges,
  serviceInstances,
  serviceBindings,
  serviceChanges,
  allEvents,
  appHistory,
  sshAccess,
  secretsRead,
  crashes,
  adminChanges,
];

/** What there is to choose from, for machines. */
export const reportsJson = () => ({
  reports: REPORTS.map(({ name, title, description, columns }) => ({
    name,
    title,
    description,
    columns: columns.map((column) => column.title),
  })),
});
