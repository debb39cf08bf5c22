import {
  type DuckDBAppender,
  type DuckDBConnection,
  DuckDBTimestampMillisecondsValue,
} from '@duckdb/node-api';
import type { KeptPage } from '../archive/ports.ts';
import type { EventColumns } from './odd-event.ts';

function appendText(appender: DuckDBAppender, text: string | null): void {
  if (text === null) appender.appendNull();
  else appender.appendVarchar(text);
}

function appendInstant(appender: DuckDBAppender, ms: number | null): void {
  if (ms === null) appender.appendNull();
  else appender.appendTimestampMilliseconds(new DuckDBTimestampMillisecondsValue(BigInt(ms)));
}

/** Append the rows of a page that the slow path read to `staged`, in the order of the page. */
export async function appendOddEvents(
  connection: DuckDBConnection,
  page: number,
  events: readonly EventColumns[],
  collectedAt: Date,
): Promise<void> {
  const appender = await connection.createAppender('staged');
  events.forEach((event, index) => {
    appender.appendInteger(page);
    appender.appendInteger(index + 1);
    appendText(appender, event.guid);
    appendInstant(appender, event.created_at);
    appendInstant(appender, event.updated_at);
    appendText(appender, event.type);
    appendText(appender, event.actor_guid);
    appendText(appender, event.actor_type);
    appendText(appender, event.actor_name);
    appendText(appender, event.target_guid);
    appendText(appender, event.target_type);
    appendText(appender, event.target_name);
    appendText(appender, event.space_guid);
    appendText(appender, event.organization_guid);
    appendText(appender, event.data);
    appendText(appender, event.extra);
    appendInstant(appender, collectedAt.getTime());
    appender.endRow();
  });
  appender.closeSync();
}

/** Fill the table `kept`: which pages count, and up to which second. */
export async function appendKeptPages(
  connection: DuckDBConnection,
  keep: readonly KeptPage[],
): Promise<void> {
  const appender = await connection.createAppender('kept');
  for (const { page, before } of keep) {
    appender.appendInteger(page);
    appendInstant(appender, before?.getTime() ?? null);
    appender.endRow();
  }
  appender.closeSync();
}

/** Fill a table of GUIDs and names. */
export async function appendNames(
  connection: DuckDBConnection,
  table: string,
  names: ReadonlyMap<string, string>,
): Promise<void> {
  const appender = await connection.createAppender(table);
  for (const [guid, name] of names) {
    appender.appendVarchar(guid);
    appender.appendVarchar(name);
    appender.endRow();
  }
  appender.closeSync();
}
