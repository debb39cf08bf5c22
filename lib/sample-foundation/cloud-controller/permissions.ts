import type { RoleType } from '../records.ts';
import { type Condition, type Dataset, where, whereClause } from './fetch/dataset.ts';
import { type Requester, readsGlobally } from './requester.ts';

/** Roles in a space that let its events be read; the manager is not among them (CC §3 rules 3 and 4). */
const SPACE_ROLES_FOR_EVENTS: readonly RoleType[] = [
  'space_auditor',
  'space_developer',
  'space_supporter',
];

const SPACE_ROLES_FOR_READING: readonly RoleType[] = [...SPACE_ROLES_FOR_EVENTS, 'space_manager'];

const ORGANIZATION_ROLES: readonly RoleType[] = [
  'organization_manager',
  'organization_auditor',
  'organization_user',
  'organization_billing_manager',
];

/** What a caller may read now: roles are looked up at the moment of the request, in spaces and organizations that exist (CC §3). */
export class Permissions {
  readonly #requester: Requester;
  readonly #now: number;

  constructor(requester: Requester, nowMicros: number) {
    this.#requester = requester;
    this.#now = nowMicros;
  }

  readableEvents(): Dataset {
    const committed: Condition = { sql: 'events.committed_at <= ?', values: [this.#now] };
    if (this.#all) return { table: 'events', conditions: [committed] };
    const spaces = this.#memberSpaces(SPACE_ROLES_FOR_EVENTS);
    const organizations = this.#memberOrganizations(['organization_auditor']);
    return {
      table: 'events',
      conditions: [
        committed,
        {
          sql: `(events.space_guid IN (${spaces.sql}) OR events.organization_guid IN (${organizations.sql}))`,
          values: [...spaces.values, ...organizations.values],
        },
      ],
    };
  }

  existingOrganizations(): Dataset {
    return { table: 'organizations', conditions: [existsNow('organizations', this.#now)] };
  }

  existingSpaces(): Dataset {
    return { table: 'spaces', conditions: [existsNow('spaces', this.#now)] };
  }

  readableOrganizations(): Dataset {
    const guids = this.#memberOrganizations(ORGANIZATION_ROLES);
    return where(this.existingOrganizations(), ...this.#limit('organizations.guid', guids));
  }

  readableSpaces(): Dataset {
    return where(this.existingSpaces(), ...this.#limit('spaces.guid', this.#readableSpaceGuids()));
  }

  readableApps(): Dataset {
    const exists = existsNow('apps', this.#now);
    const limits = this.#limit('apps.space_guid', this.#readableSpaceGuids());
    return { table: 'apps', conditions: [exists, ...limits] };
  }

  /** Tasks vanish with their app (CC §7). */
  readableTasks(): Dataset {
    const apps = guidsOf(this.readableApps());
    return {
      table: 'tasks',
      conditions: [
        { sql: 'tasks.created_at <= ?', values: [this.#now] },
        { sql: `tasks.app_guid IN (${apps.sql})`, values: apps.values },
      ],
    };
  }

  readableUsers(): Dataset {
    const created: Condition = { sql: 'users.created_at <= ?', values: [this.#now] };
    if (this.#all) return { table: 'users', conditions: [created] };
    const organizations = this.#memberOrganizations(ORGANIZATION_ROLES);
    const fellows: Condition = {
      sql: `(users.guid = ? OR users.guid IN (SELECT user_guid FROM roles WHERE created_at <= ? AND organization_guid IN (${organizations.sql})))`,
      values: [this.#requester.userGuid, this.#now, ...organizations.values],
    };
    return { table: 'users', conditions: [created, fellows] };
  }

  /** Roles in spaces and organizations that exist and the caller may read. */
  readableRoles(): Dataset {
    const organizations = guidsOf(this.readableOrganizations());
    const spaces = guidsOf(this.readableSpaces());
    return {
      table: 'roles',
      conditions: [
        { sql: 'roles.created_at <= ?', values: [this.#now] },
        {
          sql: `(roles.organization_guid IN (${organizations.sql}) OR roles.space_guid IN (${spaces.sql}))`,
          values: [...organizations.values, ...spaces.values],
        },
      ],
    };
  }

  /** Spaces whose secrets (a task's command) the caller may see; undefined: all. global_auditor sees none but by a role (CC §7). */
  secretSpaceGuids(): Condition | undefined {
    const { isAdmin, isAdminReadOnly } = this.#requester;
    return isAdmin || isAdminReadOnly ? undefined : this.#memberSpaces(['space_developer']);
  }

  get #all(): boolean {
    return readsGlobally(this.#requester);
  }

  #limit(column: string, guids: Condition): Condition[] {
    return this.#all ? [] : [{ sql: `${column} IN (${guids.sql})`, values: guids.values }];
  }

  /** Own spaces, and all spaces of the organizations one manages. */
  #readableSpaceGuids(): Condition {
    const spaces = this.#memberSpaces(SPACE_ROLES_FOR_READING);
    const managed = this.#memberOrganizations(['organization_manager']);
    return {
      sql: `${spaces.sql} UNION SELECT guid FROM spaces WHERE organization_guid IN (${managed.sql})`,
      values: [...spaces.values, ...managed.values],
    };
  }

  #memberSpaces(roles: readonly RoleType[]): Condition {
    return this.#member('space', roles);
  }

  #memberOrganizations(roles: readonly RoleType[]): Condition {
    return this.#member('organization', roles);
  }

  #member(kind: 'space' | 'organization', roles: readonly RoleType[]): Condition {
    const exists = existsNow(`${kind}s`, this.#now);
    return {
      sql: `SELECT ${kind}s.guid FROM ${kind}s JOIN roles ON roles.${kind}_guid = ${kind}s.guid
            WHERE roles.user_guid = ? AND roles.created_at <= ? AND roles.type IN (${roles.map(() => '?').join(', ')})
            AND ${exists.sql}`,
      values: [this.#requester.userGuid, this.#now, ...roles, ...exists.values],
    };
  }
}

function guidsOf(dataset: Dataset): Condition {
  const { sql, values } = whereClause(dataset);
  return { sql: `SELECT ${dataset.table}.guid FROM ${dataset.table} ${sql}`, values };
}

function existsNow(table: string, nowMicros: number): Condition {
  return {
    sql: `${table}.created_at <= ? AND (${table}.deleted_at IS NULL OR ${table}.deleted_at > ?)`,
    values: [nowMicros, nowMicros],
  };
}
