import type { ClientRecord, RoleType } from '../records.ts';

/** Someone every sample foundation knows, with a password, for demos and tests. */
export interface CastMember {
  readonly email: string;
  readonly password: string;
  readonly offsetMinutes: number;
  readonly scopes: readonly string[];
  /** Appears as the actor of events. */
  readonly active: boolean;
  /** Roles in organization `shop` or one of its spaces. */
  readonly roles: readonly { readonly type: RoleType; readonly space?: string }[];
}

const READER = ['cloud_controller.read', 'cloud_controller.write', 'openid'];

function member(
  email: string,
  roles: CastMember['roles'],
  scopes: readonly string[] = READER,
  offsetMinutes = 60,
): CastMember {
  const password = `${email.slice(0, email.indexOf('.'))}-password`;
  const active = roles.some(({ type }) => type.endsWith('developer') || type.endsWith('manager'));
  return { email, password, offsetMinutes, scopes, active, roles };
}

/** All eight roles have someone who holds nothing but that role (beside `organization_user`). */
export const CAST: readonly CastMember[] = [
  member('dana.whitfield@example.org', [
    { type: 'space_developer', space: 'payments' },
    { type: 'space_developer', space: 'staging' },
  ]),
  member('luis.ferreira@example.org', [{ type: 'space_developer', space: 'storefront' }]),
  member('amira.haddad@example.org', [{ type: 'organization_auditor' }]),
  member('jon.bakker@example.org', [{ type: 'space_auditor', space: 'payments' }]),
  member('mei.tanaka@example.org', [{ type: 'space_supporter', space: 'staging' }], READER, 540),
  member('tess.morgan@example.org', [{ type: 'space_manager', space: 'payments' }], READER, -300),
  member('noor.rahman@example.org', [{ type: 'organization_manager' }], READER, 330),
  member('ivan.petrov@example.org', [{ type: 'organization_billing_manager' }]),
  member('paula.newcomer@example.org', []),
];

/** Reads every organization, and changes nothing. */
export const SUPPORT = member(
  'sam.support@example.org',
  [],
  ['cloud_controller.global_auditor', 'openid'],
);

/** Runs the platform, with colleagues who have no password. */
export const OPERATOR = member(
  'olga.operator@example.org',
  [],
  ['cloud_controller.admin', 'openid'],
);

export const CLIENTS: readonly ClientRecord[] = [
  {
    id: 'audit-archive',
    secret: 'audit-archive-secret',
    authorities: ['cloud_controller.admin_read_only'],
  },
  {
    id: 'audit-viewer',
    secret: 'audit-viewer-secret',
    authorities: ['cloud_controller.global_auditor'],
  },
  { id: 'dashboard', secret: 'dashboard-secret', authorities: ['cloud_controller.read'] },
];

/** The question the demo asks: who deleted app `checkout`, and when? */
export const CHECKOUT = {
  organization: 'shop',
  space: 'payments',
  app: 'checkout',
  deletedBy: 'dana.whitfield@example.org',
} as const;
