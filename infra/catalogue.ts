import { QUERY_LOG_NAME, QUERY_LOG_TABLE } from '../lib/catalogue/query-log-table.ts';
import { glueViewInputs } from '../lib/catalogue/statements.ts';
import { type GlueTableInput, glueTableInput, type TableSpec } from '../lib/catalogue/table.ts';
import { pascalCase, type Resources, ref } from './resources.ts';

const BUCKET = 'ArchiveBucket';

/** The database with its tables and views, from where `ddl` has them, too. */
export function catalogueResources(place: Omit<TableSpec, 'location'>): Resources {
  const spec = { ...place, location: `s3://\${${BUCKET}}` };
  const table = (input: GlueTableInput) => ({
    Type: 'AWS::Glue::Table',
    Properties: {
      CatalogId: ref('AWS::AccountId'),
      DatabaseName: ref('Database'),
      TableInput: toTemplate(input),
    },
  });
  return {
    Database: {
      Type: 'AWS::Glue::Database',
      Properties: {
        CatalogId: ref('AWS::AccountId'),
        DatabaseInput: {
          Name: spec.database,
          Description: 'Audit events of Cloud Foundry, for years',
        },
      },
    },
    EventsTable: table(glueTableInput(spec)),
    QueryLogTable: table(glueTableInput({ ...spec, table: QUERY_LOG_NAME }, QUERY_LOG_TABLE)),
    ...Object.fromEntries(
      glueViewInputs(spec).map((input) => [`View${pascalCase(input.Name)}`, table(input)]),
    ),
  };
}

/** Glue takes an empty name of a library, as Athena writes it into views; CloudFormation wants none. */
const withoutEmptyLibrary = (input: object): object =>
  'SerializationLibrary' in input && input.SerializationLibrary === ''
    ? { ...input, SerializationLibrary: undefined }
    : input;

/** `${foundation}` is Athena's to fill in: neither osls, which takes it for a variable of its own, nor CloudFormation may. */
function toTemplate(value: unknown): unknown {
  if (typeof value === 'string')
    return value.includes('${')
      ? { 'Fn::Sub': value.replaceAll('${', '${!').replaceAll(`\${!${BUCKET}}`, `\${${BUCKET}}`) }
      : value;
  if (Array.isArray(value)) return value.map(toTemplate);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(withoutEmptyLibrary(value)).map(([name, each]) => [name, toTemplate(each)]),
  );
}
