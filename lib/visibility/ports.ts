/** A role that somebody has now, in a space or an organization that exists. */
export interface Role {
  readonly type: EventRole;
  /** Of the space for space roles, else of the organization. */
  readonly guid: string;
}

/** The roles with which Cloud Controller shows events; no manager is among them. */
export const SPACE_ROLES = ['space_auditor', 'space_developer', 'space_supporter'] as const;
export const ORGANIZATION_ROLES = ['organization_auditor'] as const;
export type EventRole = (typeof SPACE_ROLES)[number] | (typeof ORGANIZATION_ROLES)[number];

/**
 * All roles of these types that a user of one foundation has now.
 *
 * Never a part of them: throws ArchiveError when they cannot be read whole.
 */
export type RoleSource = (
  userGuid: string,
  types: readonly EventRole[],
) => Promise<readonly Role[]>;
