/**
 * Cloud Controller's tables, as far as audit events need them. Instants are INTEGER microseconds.
 *
 * `committed_at` and `deleted_at` are not columns of Cloud Controller: they let one database answer for every instant
 * of the simulated clock. What has no `updated_at` of its own was never updated.
 */
export const TABLES = `
  CREATE TABLE IF NOT EXISTS events (
    id INTEGER PRIMARY KEY, guid TEXT NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
    timestamp INTEGER NOT NULL, committed_at INTEGER NOT NULL, type TEXT NOT NULL,
    actor TEXT, actor_type TEXT, actor_name TEXT, actor_username TEXT,
    actee TEXT, actee_type TEXT, actee_name TEXT,
    space_guid TEXT NOT NULL, organization_guid TEXT NOT NULL, metadata TEXT);
  CREATE TABLE IF NOT EXISTS organizations (
    id INTEGER PRIMARY KEY, guid TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
    created_at INTEGER NOT NULL, updated_at INTEGER AS (created_at), deleted_at INTEGER);
  CREATE TABLE IF NOT EXISTS spaces (
    id INTEGER PRIMARY KEY, guid TEXT NOT NULL UNIQUE, name TEXT NOT NULL, organization_guid TEXT NOT NULL,
    created_at INTEGER NOT NULL, updated_at INTEGER AS (created_at), deleted_at INTEGER);
  CREATE TABLE IF NOT EXISTS apps (
    id INTEGER PRIMARY KEY, guid TEXT NOT NULL UNIQUE, name TEXT NOT NULL, space_guid TEXT NOT NULL, state TEXT NOT NULL,
    created_at INTEGER NOT NULL, updated_at INTEGER AS (created_at), deleted_at INTEGER);
  CREATE TABLE IF NOT EXISTS users (
    id INTEGER PRIMARY KEY, guid TEXT NOT NULL UNIQUE, username TEXT, email TEXT, origin TEXT, password TEXT, scopes TEXT,
    created_at INTEGER NOT NULL, updated_at INTEGER AS (created_at));
  CREATE TABLE IF NOT EXISTS roles (
    id INTEGER PRIMARY KEY, guid TEXT NOT NULL UNIQUE, type TEXT NOT NULL, user_guid TEXT NOT NULL,
    space_guid TEXT, organization_guid TEXT, created_at INTEGER NOT NULL, updated_at INTEGER AS (created_at));
  CREATE TABLE IF NOT EXISTS tasks (
    id INTEGER PRIMARY KEY, guid TEXT NOT NULL UNIQUE, sequence_id INTEGER NOT NULL, name TEXT NOT NULL, command TEXT NOT NULL,
    state TEXT NOT NULL, failure_reason TEXT, app_guid TEXT NOT NULL, droplet_guid TEXT NOT NULL, user TEXT,
    memory_in_mb INTEGER NOT NULL, disk_in_mb INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS clients (
    id TEXT PRIMARY KEY, secret TEXT NOT NULL, authorities TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS spaces_organization_guid_index ON spaces (organization_guid);
  CREATE INDEX IF NOT EXISTS apps_space_guid_index ON apps (space_guid);
  CREATE INDEX IF NOT EXISTS roles_user_guid_index ON roles (user_guid);
  CREATE INDEX IF NOT EXISTS tasks_app_guid_index ON tasks (app_guid);
`;

/** Indexes of `events` that every request or proof needs (CC §2.3). `committed_at` rides along so that counting never leaves the index. */
export const EVENT_INDEXES = {
  events_guid_index: 'CREATE UNIQUE INDEX IF NOT EXISTS events_guid_index ON events (guid)',
  events_created_at_guid_index:
    'CREATE INDEX IF NOT EXISTS events_created_at_guid_index ON events (created_at, guid, committed_at)',
} as const;

/**
 * Indexes of `events` that are built when a request first needs them, so that loading a million rows stays quick.
 * Cloud Controller's (timestamp, id) and actee_type are left out: no v3 request uses them.
 */
export const EVENT_INDEXES_ON_DEMAND = {
  updated_at:
    'CREATE INDEX IF NOT EXISTS events_updated_at_guid_index ON events (updated_at, guid)',
  type: 'CREATE INDEX IF NOT EXISTS events_type_index ON events (type)',
  actee: 'CREATE INDEX IF NOT EXISTS events_actee_index ON events (actee)',
  space_guid: 'CREATE INDEX IF NOT EXISTS events_space_guid_index ON events (space_guid)',
  organization_guid:
    'CREATE INDEX IF NOT EXISTS events_organization_guid_index ON events (organization_guid)',
} as const;
