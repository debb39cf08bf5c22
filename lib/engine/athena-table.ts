import { type AthenaClient, GetTableMetadataCommand } from '@aws-sdk/client-athena';
import { type Day, daySchema } from '../domain/day.ts';
import { ArchiveError } from '../domain/errors.ts';
import type { ListedPart } from '../query/ports.ts';
import { athenaError } from './athena-error.ts';

export interface AthenaTableName {
  readonly database: string;
  readonly table: string;
}

/** What the table's partition projection takes in; undefined: everything. */
interface Projected {
  readonly foundations: ReadonlySet<string> | undefined;
  readonly firstDay: Day | undefined;
}

/**
 * The table as Athena knows it. What lies outside its partition projection has no rows there, and no error says so: parts that Athena would pass over in silence are refused here.
 *
 * @see https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html
 */
export class AthenaTable {
  readonly #client: AthenaClient;
  readonly #name: AthenaTableName;
  #projected: Promise<Projected> | undefined;

  constructor(client: AthenaClient, name: AthenaTableName) {
    this.#client = client;
    this.#name = name;
  }

  /**
   * @param parts - what an answer would be read from
   * @throws ArchiveError QUERY_FAILED when the table does not take in all of them
   */
  async check(parts: readonly ListedPart[]): Promise<void> {
    if (parts.length === 0) return;
    if (findPassedOver(parts, await this.#read()) === undefined) return;
    // The table may have been replaced since it was read.
    this.#projected = undefined;
    const part = findPassedOver(parts, await this.#read());
    if (part === undefined) return;
    const { database, table } = this.#name;
    throw new ArchiveError(
      'QUERY_FAILED',
      `Athena's table ${database}.${table} passes over foundation ${part.foundation} on ${part.dt}, which the archive has: replace the table by what ddl --dialect athena prints, with all foundations and the first archived day`,
    );
  }

  #read(): Promise<Projected> {
    this.#projected ??= this.#ask();
    this.#projected.catch(() => {
      this.#projected = undefined;
    });
    return this.#projected;
  }

  async #ask(): Promise<Projected> {
    const { database, table } = this.#name;
    try {
      const answer = await this.#client.send(
        new GetTableMetadataCommand({
          CatalogName: 'AwsDataCatalog',
          DatabaseName: database,
          TableName: table,
        }),
      );
      return projectionOf(answer?.TableMetadata?.Parameters ?? {});
    } catch (error) {
      throw athenaError(error, 'GetTableMetadata');
    }
  }
}

function projectionOf(properties: Readonly<Record<string, string>>): Projected {
  if (properties['projection.enabled']?.toLowerCase() !== 'true') {
    return { foundations: undefined, firstDay: undefined };
  }
  // A first day such as NOW-31DAYS moves, and is nothing to hold a day against.
  const first = daySchema.safeParse(properties['projection.dt.range']?.split(',')[0]);
  return {
    // A blank beside a comma belongs to the name: Athena does not trim.
    foundations: new Set(properties['projection.foundation.values']?.split(',')),
    firstDay: first.success ? first.data : undefined,
  };
}

const findPassedOver = (
  parts: readonly ListedPart[],
  { foundations, firstDay }: Projected,
): ListedPart | undefined =>
  parts.find(
    ({ foundation, dt }) =>
      (foundations !== undefined && !foundations.has(foundation)) ||
      (firstDay !== undefined && dt < firstDay),
  );
