import { literalPath, partitionedFiles } from '../duckdb/partitioned-files.ts';
import { QUERY_LOG_NAME, QUERY_LOG_TABLE } from './query-log-table.ts';
import {
  EVENTS_TABLE,
  type GlueColumn,
  type GlueTableInput,
  hiveColumns,
  hivePartitionKeys,
  OWNER,
  PARTITION_COLUMNS,
  partitionTemplate,
  projectionProperties,
  type TableShape,
  type TableSpec,
  tableLocation,
} from './table.ts';
import type { View, ViewColumn } from './view.ts';
import { AUDIT_EVENTS, VIEWS } from './views.ts';

/** Engines that the table and its views can be written for. */
export const DIALECTS = ['athena', 'trino', 'duckdb'] as const;
export type Dialect = (typeof DIALECTS)[number];

/** One statement, without a `;` at its end. */
export interface Statement {
  readonly kind: 'database' | 'table' | 'function' | 'view';
  readonly name: string;
  readonly sql: string;
}

/** Everything that makes an archive readable by SQL, in the order in which it is to be run. */
export function catalogueStatements(dialect: Dialect, spec: TableSpec): Statement[] {
  return [
    ...TABLE_STATEMENTS[dialect](spec),
    ...VIEWS.map((view) => ({
      kind: 'view' as const,
      name: view.name,
      sql: `CREATE OR REPLACE VIEW ${viewName(dialect, spec, view.name)} AS\n${viewSelect(dialect, spec, view)}`,
    })),
  ];
}

/**
 * The query log as a table of its own. Of a log that nobody has written yet DuckDB finds no files, and Trino perhaps no folder, so it comes after everything else.
 */
export function queryLogStatements(dialect: Dialect, spec: TableSpec): Statement[] {
  const own = { ...spec, table: QUERY_LOG_NAME };
  if (dialect === 'duckdb') {
    const columns = [...PARTITION_COLUMNS, ...QUERY_LOG_TABLE.columns.map(({ name }) => name)];
    return [
      {
        kind: 'function',
        name: QUERY_LOG_NAME,
        // A view would look for files when it is made.
        sql: `CREATE OR REPLACE MACRO ${QUERY_LOG_NAME}() AS TABLE SELECT ${columns.join(', ')}\nFROM ${duckDBFiles(spec, QUERY_LOG_TABLE)}`,
      },
    ];
  }
  const table = dialect === 'athena' ? athenaTable : trinoTable;
  return [{ kind: 'table', name: QUERY_LOG_NAME, sql: table(own, QUERY_LOG_TABLE) }];
}

const TABLE_STATEMENTS: Readonly<Record<Dialect, (spec: TableSpec) => readonly Statement[]>> = {
  athena: (spec) => [
    {
      kind: 'database',
      name: spec.database,
      sql: `CREATE DATABASE IF NOT EXISTS \`${spec.database}\``,
    },
    { kind: 'table', name: spec.table, sql: athenaTable(spec, EVENTS_TABLE) },
  ],
  trino: (spec) => [
    {
      kind: 'database',
      name: spec.database,
      sql: `CREATE SCHEMA IF NOT EXISTS "${spec.database}"`,
    },
    { kind: 'table', name: spec.table, sql: trinoTable(spec, EVENTS_TABLE) },
  ],
  // No table: the view `audit_events` reads the files.
  duckdb: () => DUCKDB_FUNCTIONS,
};

/** Athena's DDL goes through Hive's parser: names in back-ticks, properties as text. */
function athenaTable(spec: TableSpec, shape: TableShape): string {
  const column = ({ Name, Type }: GlueColumn): string => `\`${Name}\` ${Type}`;
  const properties = { classification: 'parquet', ...projectionProperties(spec, shape) };
  return [
    `CREATE EXTERNAL TABLE \`${spec.database}\`.\`${spec.table}\` (`,
    hiveColumns(shape)
      .map((each) => `  ${column(each)}`)
      .join(',\n'),
    ')',
    `PARTITIONED BY (${hivePartitionKeys().map(column).join(', ')})`,
    'STORED AS PARQUET',
    `LOCATION ${sqlText(tableLocation(spec, shape))}`,
    'TBLPROPERTIES (',
    Object.entries(properties)
      .map(([name, value]) => `  ${sqlText(name)} = ${sqlText(value)}`)
      .join(',\n'),
    ')',
  ].join('\n');
}

const TRINO_TYPES = { text: 'varchar', timestamp: 'timestamp(3)', number: 'bigint' } as const;

/** The same table in the words of Trino's Hive connector. */
function trinoTable(spec: TableSpec, shape: TableShape): string {
  return `CREATE TABLE "${spec.database}"."${spec.table}" (
${shape.columns.map(({ name, type }) => `  ${name} ${TRINO_TYPES[type]},\n`).join('')}\
  foundation varchar WITH (
    partition_projection_type = 'ENUM',
    partition_projection_values = ARRAY[${spec.foundations.map(sqlText).join(', ')}]
  ),
  dt varchar WITH (
    partition_projection_type = 'DATE',
    partition_projection_format = 'yyyy-MM-dd',
    partition_projection_range = ARRAY['${spec.firstDay}', 'NOW'],
    partition_projection_interval = 1,
    partition_projection_interval_unit = 'DAYS'
  )
)
WITH (
  external_location = ${sqlText(tableLocation(spec, shape))},
  format = 'PARQUET',
  partitioned_by = ARRAY[${PARTITION_COLUMNS.map(sqlText).join(', ')}],
  partition_projection_enabled = true,
  partition_projection_location_template = ${sqlText(partitionTemplate(spec, shape))}
)`;
}

/**
 * What views and questions use and DuckDB lacks, as macros that answer as Trino does: a path that leads to no scalar, and text that is no JSON, is null.
 */
const DUCKDB_FUNCTIONS: readonly Statement[] = [
  [
    'json_extract_scalar',
    "(document, path) AS\n  TRY(CASE WHEN json_type(document, path) IN ('OBJECT', 'ARRAY', 'NULL') THEN NULL ELSE json_extract_string(document, path) END)",
  ],
  ['json_format', '(document) AS TRY(CAST(document AS varchar))'],
  ['regexp_like', '(string, pattern) AS regexp_matches(string, pattern)'],
  ['day_of_week', '(instant) AS isodow(instant)'],
].map(([name = '', body]) => ({
  kind: 'function',
  name,
  sql: `CREATE OR REPLACE MACRO ${name}${body}`,
}));

const viewName = (dialect: Dialect, spec: TableSpec, name: string): string =>
  dialect === 'duckdb' ? name : `"${spec.database}"."${name}"`;

/** The query that a view stands for. */
function viewSelect(dialect: Dialect, spec: TableSpec, view: View): string {
  const column = ({ name, sql }: ViewColumn): string =>
    sql === undefined ? `  ${name}` : `  ${sql} AS ${name}`;
  return [
    'SELECT',
    view.columns.map(column).join(',\n'),
    `FROM ${view === AUDIT_EVENTS ? partsOf(dialect, spec) : viewName(dialect, spec, AUDIT_EVENTS.name)}`,
    ...(view.where === undefined ? [] : [`WHERE ${view.where}`]),
  ].join('\n');
}

const partsOf = (dialect: Dialect, spec: TableSpec): string =>
  dialect === 'duckdb' ? duckDBFiles(spec, EVENTS_TABLE) : `"${spec.database}"."${spec.table}"`;

const duckDBFiles = (spec: TableSpec, shape: TableShape): string =>
  partitionedFiles(sqlText(`${literalPath(tableLocation(spec, shape))}*/*/*.parquet`));

/** A text as an SQL string literal. */
const sqlText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const HIVE_VIEW_TYPES = { text: 'string', timestamp: 'timestamp', number: 'bigint' } as const;

/** The views as Glue takes them, in the form in which Athena itself stores them. */
export const glueViewInputs = (spec: TableSpec): GlueTableInput[] =>
  VIEWS.map((view) => {
    const definition = {
      originalSql: viewSelect('athena', spec, view),
      catalog: 'awsdatacatalog',
      schema: spec.database,
      columns: view.columns.map(({ name, type }) => ({ name, type: TRINO_TYPES[type] })),
    };
    return {
      Name: view.name,
      Description: 'Presto View',
      Owner: OWNER,
      TableType: 'VIRTUAL_VIEW',
      Parameters: { presto_view: 'true', comment: 'Presto View' },
      PartitionKeys: [],
      StorageDescriptor: {
        Columns: view.columns.map(({ name, type }) => ({
          Name: name,
          Type: HIVE_VIEW_TYPES[type],
        })),
        Location: '',
        InputFormat: '',
        OutputFormat: '',
        SerdeInfo: { SerializationLibrary: '', Parameters: {} },
      },
      ViewOriginalText: `/* Presto View: ${Buffer.from(JSON.stringify(definition)).toString('base64')} */`,
      ViewExpandedText: '/* Presto View */',
    };
  });
