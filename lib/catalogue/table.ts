import { COLUMNS } from '../domain/columns.ts';
import type { Day } from '../domain/day.ts';
import type { FoundationName } from '../domain/foundation.ts';

/** What an SQL engine has to know of an archive to read it as one table. */
export interface TableSpec {
  /** Lower case, digits and `_`; so is `table`. */
  readonly database: string;
  readonly table: string;
  /** Root of the archive as the engine reaches it, without a slash at its end: `s3://bucket`, `local:///archive`. */
  readonly location: string;
  /** At least one. A foundation that is not named here has no rows, and no engine says so. */
  readonly foundations: readonly FoundationName[];
  /** Earlier days have no rows, and no engine says so. */
  readonly firstDay: Day;
}

/** One of the archive's tables. */
export interface TableShape {
  /** Below the archive's root; in it a folder for each foundation and day. */
  readonly folder: string;
  readonly description: string;
  readonly columns: readonly {
    readonly name: string;
    readonly type: 'text' | 'timestamp' | 'number';
  }[];
}

export const EVENTS_TABLE: TableShape = {
  folder: 'events/v1',
  description: 'Audit events of Cloud Foundry, a partition for each foundation and UTC day',
  columns: COLUMNS,
};

/** The partition columns, which are in the key and not in the file. */
export const PARTITION_COLUMNS = ['foundation', 'dt'] as const;

export const tableLocation = ({ location }: TableSpec, { folder }: TableShape): string =>
  `${location}/${folder}/`;

/** Where the parts of one foundation and day are; `${…}` is the engine's to fill in. */
export const partitionTemplate = (spec: TableSpec, shape: TableShape): string =>
  `${tableLocation(spec, shape)}${PARTITION_COLUMNS.map((name) => `${name}=\${${name}}/`).join('')}`;

/**
 * Partition projection, in Athena's words: the engine works out the folders instead of asking a catalogue for them, so that a new day needs no statement.
 *
 * No blank after a comma: Athena takes it for a part of the value.
 *
 * @see https://docs.aws.amazon.com/athena/latest/ug/partition-projection-setting-up.html
 */
export const projectionProperties = (
  spec: TableSpec,
  shape: TableShape,
): Readonly<Record<string, string>> => ({
  'projection.enabled': 'true',
  'projection.foundation.type': 'enum',
  'projection.foundation.values': spec.foundations.join(','),
  'projection.dt.type': 'date',
  'projection.dt.format': 'yyyy-MM-dd',
  'projection.dt.range': `${spec.firstDay},NOW`,
  'projection.dt.interval': '1',
  'projection.dt.interval.unit': 'DAYS',
  'storage.location.template': partitionTemplate(spec, shape),
});

const HIVE_TYPES = { text: 'string', timestamp: 'timestamp', number: 'bigint' } as const;

/** A column of a Glue table. */
export interface GlueColumn {
  readonly Name: string;
  readonly Type: string;
}

/** Columns of the file, in Hive's types. */
export const hiveColumns = ({ columns }: TableShape): GlueColumn[] =>
  columns.map(({ name, type }) => ({ Name: name, Type: HIVE_TYPES[type] }));

export const hivePartitionKeys = (): GlueColumn[] =>
  PARTITION_COLUMNS.map((name) => ({ Name: name, Type: HIVE_TYPES.text }));

/** `TableInput` of Glue's CreateTable and of CloudFormation's `AWS::Glue::Table`, as far as it is used here. */
export interface GlueTableInput {
  readonly Name: string;
  readonly Description: string;
  readonly Owner: string;
  readonly TableType: string;
  readonly Parameters: Readonly<Record<string, string>>;
  readonly PartitionKeys: readonly GlueColumn[];
  readonly StorageDescriptor: {
    readonly Columns: readonly GlueColumn[];
    readonly Location: string;
    readonly InputFormat: string;
    readonly OutputFormat: string;
    readonly SerdeInfo: {
      readonly SerializationLibrary: string;
      readonly Parameters: Readonly<Record<string, string>>;
    };
  };
  readonly ViewOriginalText?: string;
  readonly ViewExpandedText?: string;
}

/** Whom Glue names as the owner; Trino refuses a view that has none. */
export const OWNER = 'cf-audit-archive';

/**
 * The table as Glue takes it: the same that Athena makes of the CREATE TABLE statement.
 *
 * In CloudFormation `${` begins a substitution where `Fn::Sub` is used: write `${!` there.
 */
export const glueTableInput = (
  spec: TableSpec,
  shape: TableShape = EVENTS_TABLE,
): GlueTableInput => ({
  Name: spec.table,
  Description: shape.description,
  Owner: OWNER,
  TableType: 'EXTERNAL_TABLE',
  Parameters: { EXTERNAL: 'TRUE', classification: 'parquet', ...projectionProperties(spec, shape) },
  PartitionKeys: hivePartitionKeys(),
  StorageDescriptor: {
    Columns: hiveColumns(shape),
    Location: tableLocation(spec, shape),
    InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
    OutputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
    SerdeInfo: {
      SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
      Parameters: { 'serialization.format': '1' },
    },
  },
});
