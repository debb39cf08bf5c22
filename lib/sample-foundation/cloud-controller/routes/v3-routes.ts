import type { V3Route } from '../context.ts';
import { listAuditEvents, showAuditEvent } from './audit-events.ts';

/** The routes that need a token with a read scope, by path; `:guid` stands for one segment. */
export const V3_ROUTES: Readonly<Record<string, V3Route>> = {
  '/v3/audit_events': listAuditEvents,
  '/v3/audit_events/:guid': showAuditEvent,
};
