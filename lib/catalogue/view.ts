/** A column of a view: one of the table as it stands, or computed. */
export interface ViewColumn {
  readonly name: string;
  readonly type: 'text' | 'timestamp' | 'number';
  /** SQL; left out: the column of the same name. */
  readonly sql?: string;
}

/**
 * A view over `audit_events`, as data. Its SQL is the same for every engine: it uses what all of them have, and `json_extract_scalar` and `json_format` as Trino has them.
 */
export interface View {
  readonly name: string;
  /** What a row is, in a sentence. */
  readonly meaning: string;
  readonly columns: readonly ViewColumn[];
  /** Which events; undefined: all. */
  readonly where?: string;
}

const text = (name: string, sql?: string): ViewColumn =>
  sql === undefined ? { name, type: 'text' } : { name, type: 'text', sql };

/** First columns of every view: when and who. Both partition columns are among them, so that a question about a view can name its days. */
export const WHEN_AND_WHO: readonly ViewColumn[] = [
  text('foundation'),
  text('dt'),
  { name: 'created_at', type: 'timestamp' },
  text('guid'),
  text('type'),
  text('actor_guid'),
  text('actor_type'),
  text('actor_name'),
];

/** Last columns of every view that has a place. */
export const WHERE_ABOUTS: readonly ViewColumn[] = [
  text('space_guid'),
  text('space_name'),
  text('organization_guid'),
  text('organization_name'),
];

/** The scalar at a path of `data` as text; null when it is absent, null, an object or an array. */
export const scalar = (path: string): string => `json_extract_scalar(data, '$.${path}')`;

export const textColumn = text;

/** Text of a scalar in `data`: at the first of the paths that has one. The shapes of v2 and v3 differ. */
export const dataColumn = (name: string, ...paths: readonly string[]): ViewColumn =>
  text(
    name,
    paths.length === 1
      ? scalar(paths[0] ?? '')
      : `coalesce(${paths.map((path) => scalar(path)).join(', ')})`,
  );

/** A whole number in `data`; null when it is none. */
export const numberColumn = (name: string, path: string): ViewColumn => ({
  name,
  type: 'number',
  sql: `try_cast(${scalar(path)} AS bigint)`,
});

/** `type IN (…)`, one line a type. */
export const typeIn = (types: readonly string[]): string =>
  `type IN (\n${types.map((type) => `    '${type}'`).join(',\n')}\n  )`;

/** The types that begin so; `_` in a prefix is meant as it stands. */
export const typeBegins = (...prefixes: readonly string[]): string =>
  prefixes.map((prefix) => `starts_with(type, '${prefix}')`).join('\n    OR ');

/** The last word of a type: `create` of `audit.app.create`. */
export const ACTION: ViewColumn = text('action', "regexp_extract(type, '[^.]+$')");

/** What kind of thing it happened to: `service_key` of `audit.service_key.create`. */
export const KIND: ViewColumn = text('kind', "regexp_extract(type, '^audit\\.([^.]+)\\.', 1)");
