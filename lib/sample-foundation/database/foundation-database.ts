import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { SimulatedClock } from '../clock.ts';
import type {
  AppRecord,
  ClientRecord,
  EventRecord,
  FoundationRecords,
  OrganizationRecord,
  RoleRecord,
  SpaceRecord,
  TaskRecord,
  UserRecord,
} from '../records.ts';
import { insertEventRows, type Precision } from './event-rows.ts';
import { openDatabase } from './open-database.ts';
import { EVENT_INDEXES_ON_DEMAND } from './schema.ts';
import { upsert } from './upsert.ts';

type Row = Record<string, unknown>;

const MICROS_PER_DAY = 86_400_000_000;

/**
 * The database under the foundation: tests write it and count it behind Cloud Controller's back.
 *
 * Inserting a record whose guid is already there replaces it (so a space is deleted by inserting it again with `deleted_at`); only events must be new.
 */
export class FoundationDatabase {
  readonly #sql: DatabaseSync;
  readonly #clock: SimulatedClock;
  readonly #precision: Precision;
  readonly #indexed = new Set<string>();

  constructor(file: string, clock: SimulatedClock, precision: Precision) {
    this.#sql = openDatabase(file);
    this.#clock = clock;
    this.#precision = precision;
  }

  insert(records: FoundationRecords): void {
    this.insertClients(records.clients);
    this.insertOrganizations(records.organizations);
    this.insertSpaces(records.spaces);
    this.insertApps(records.apps);
    this.insertUsers(records.users);
    this.insertRoles(records.roles);
    this.insertTasks(records.tasks);
    this.insertEvents(records.events);
  }

  /** In the order given, which is the order of `id`; in one transaction. */
  insertEvents(events: Iterable<EventRecord>): number {
    return insertEventRows(this.#sql, events, this.#precision);
  }

  insertOrganizations(records: Iterable<OrganizationRecord>): void {
    this.#upsert('organizations', ['guid', 'name', 'created_at', 'deleted_at'], records);
  }

  insertSpaces(records: Iterable<SpaceRecord>): void {
    const columns = ['guid', 'name', 'organization_guid', 'created_at', 'deleted_at'] as const;
    this.#upsert('spaces', columns, records);
  }

  insertApps(records: Iterable<AppRecord>): void {
    const columns = ['guid', 'name', 'space_guid', 'state', 'created_at', 'deleted_at'] as const;
    this.#upsert('apps', columns, records);
  }

  insertUsers(records: Iterable<UserRecord>): void {
    const columns = [
      'guid',
      'username',
      'email',
      'origin',
      'password',
      'scopes',
      'created_at',
    ] as const;
    this.#upsert('users', columns, records);
  }

  insertRoles(records: Iterable<RoleRecord>): void {
    const columns = [
      'guid',
      'type',
      'user_guid',
      'space_guid',
      'organization_guid',
      'created_at',
    ] as const;
    this.#upsert('roles', columns, records);
  }

  deleteRole(guid: string): boolean {
    return this.run('DELETE FROM roles WHERE guid = ?', guid) > 0;
  }

  insertTasks(records: Iterable<TaskRecord>): void {
    this.#upsert(
      'tasks',
      [
        'guid',
        'sequence_id',
        'name',
        'command',
        'state',
        'failure_reason',
        'app_guid',
        'droplet_guid',
        'user',
        'memory_in_mb',
        'disk_in_mb',
        'created_at',
        'updated_at',
      ],
      records,
    );
  }

  insertClients(records: Iterable<ClientRecord>): void {
    this.#upsert('clients', ['id', 'secret', 'authorities'], records, 'id');
  }

  /** What an admin's `DELETE /v2/events/:guid` does (CC §4). False: there was no such event. */
  deleteEvent(guid: string): boolean {
    return this.run('DELETE FROM events WHERE guid = ?', guid) > 0;
  }

  /** What a migration once did (CC §4): every event is gone. */
  truncateEvents(): void {
    this.run('DELETE FROM events');
  }

  /** Events visible now, by the UTC day (`YYYY-MM-DD`) of the column `created_at`, in ascending order of day. Days without events are absent. */
  countByDay(): Map<string, number> {
    const rows = this.all(
      `SELECT date(created_at / 1000000, 'unixepoch') AS day, count(*) AS events FROM events
       WHERE committed_at <= ? GROUP BY day ORDER BY day`,
      this.#clock.nowMicros(),
    );
    return new Map(rows.map((row) => [row.day as string, row.events as number]));
  }

  /** GUIDs of the events of a UTC day (`YYYY-MM-DD`) visible now, in ascending byte order. */
  guidsOfDay(day: string): string[] {
    const from = Date.parse(`${day}T00:00:00Z`) * 1000;
    const rows = this.all(
      'SELECT guid FROM events WHERE created_at >= ? AND created_at < ? AND committed_at <= ? ORDER BY guid',
      from,
      from + MICROS_PER_DAY,
      this.#clock.nowMicros(),
    );
    return rows.map((row) => row.guid as string);
  }

  /** Rows of any SELECT, as objects. */
  all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#sql.prepare(sql).all(...values) as Row[];
  }

  /** Rows of any SELECT, as arrays in the order of the columns: what a page of 5000 is made from. */
  allArrays(sql: string, ...values: SQLInputValue[]): unknown[][] {
    const statement = this.#sql.prepare(sql);
    statement.setReturnArrays(true);
    return statement.all(...values) as unknown as unknown[][];
  }

  /** Run a statement that changes rows. @returns how many it changed */
  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#sql.prepare(sql).run(...values).changes);
  }

  /** Make sure that `events` has Cloud Controller's index on this column, if it has one. */
  indexEventsBy(column: string): void {
    if (this.#indexed.has(column)) return;
    this.#indexed.add(column);
    const index = (EVENT_INDEXES_ON_DEMAND as Record<string, string>)[column];
    if (index !== undefined) this.#sql.exec(index);
  }

  close(): void {
    if (this.#sql.isOpen) this.#sql.close();
  }

  #upsert<R extends object>(
    table: string,
    columns: readonly (keyof R & string)[],
    records: Iterable<R>,
    key = 'guid',
  ): void {
    const rows = Array.from(records, (record) =>
      columns.map((column) => toSqlValue(record[column])),
    );
    upsert(this.#sql, table, key, columns, rows);
  }
}

/** Lists (scopes, authorities) are kept as one text, blank between. */
function toSqlValue(value: unknown): SQLInputValue {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return value.join(' ');
  if (typeof value === 'string' || typeof value === 'number') return value;
  throw new TypeError(`A record's value must be text, number, list or null, not ${typeof value}.`);
}
