import { DatabaseSync } from 'node:sqlite';
import { EVENT_INDEXES, TABLES } from './schema.ts';

/** Open (and if need be create) the database. Durability is switched off: a sample foundation that dies is made anew. */
export function openDatabase(file: string): DatabaseSync {
  const database = new DatabaseSync(file);
  database.exec(
    'PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -262144',
  );
  database.exec(TABLES);
  for (const index of Object.values(EVENT_INDEXES)) database.exec(index);
  return database;
}

/** Run `work` in one transaction; what it throws rolls everything back. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}
