/**
 * The columns of a part, in order: the single source for the Parquet files and for every table that reads them.
 *
 * `created_at` is INT64 TIMESTAMP_MILLIS in UTC, because Athena fails on finer ones; the others are UTF-8 text or such timestamps. Partition columns `foundation` and `dt` are in the key, not in the file.
 */
export const COLUMNS = [
  { name: 'guid', type: 'text' },
  { name: 'created_at', type: 'timestamp' },
  { name: 'updated_at', type: 'timestamp' },
  { name: 'type', type: 'text' },
  { name: 'actor_guid', type: 'text' },
  { name: 'actor_type', type: 'text' },
  { name: 'actor_name', type: 'text' },
  { name: 'actor_username', type: 'text' },
  { name: 'target_guid', type: 'text' },
  { name: 'target_type', type: 'text' },
  { name: 'target_name', type: 'text' },
  { name: 'space_guid', type: 'text' },
  { name: 'space_name', type: 'text' },
  { name: 'organization_guid', type: 'text' },
  { name: 'organization_name', type: 'text' },
  { name: 'data', type: 'text' },
  { name: 'extra', type: 'text' },
  { name: 'collected_at', type: 'timestamp' },
] as const;

export type ColumnName = (typeof COLUMNS)[number]['name'];

/** Rows of a part are in this order: ascending, byte order, nulls last. */
export const SORT_ORDER = [
  'organization_guid',
  'space_guid',
  'target_guid',
  'created_at',
  'guid',
] as const satisfies readonly ColumnName[];

type Row = {
  readonly [C in (typeof COLUMNS)[number] as C['name']]: C['type'] extends 'timestamp'
    ? Date | null
    : string | null;
};

/** A row of a part. Null is SQL's null; empty text is different from it and both survive. */
export type EventRow = Omit<Row, 'guid'> & { readonly guid: string };
