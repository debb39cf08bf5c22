import type { AthenaClient } from '@aws-sdk/client-athena';
import { COLUMNS, type ColumnName, type EventRow } from '../domain/columns.ts';
import type { EventQuery } from '../domain/event-query.ts';
import type { EngineRows, ListedPart, QueryEngine, RowsWanted } from '../query/ports.ts';
import { AthenaExecution, type AthenaPlace, type AthenaRow } from './athena-execution.ts';
import { athenaLiteral } from './athena-literal.ts';
import { compileQuery } from './compile-query.ts';

/** Five US dollars a terabyte, ten megabytes at least (aws.amazon.com/athena/pricing, November 2026). */
const DOLLARS_PER_BYTE = 5 / 1e12;
const LEAST_BYTES = 10e6;

/** A supplement may still be stored for a closed day. */
const REUSE_MINUTES = 60;

export interface AthenaEngineOptions extends AthenaPlace {
  readonly table: string;
  /** Less than 1 for a server that answers faster than Athena. */
  readonly pollScale?: number;
}

/** The engine in the cloud: Athena over the parts in S3. Database and table are spliced into SQL: letters, digits and `_` only. */
export class AthenaEngine implements QueryEngine {
  readonly #client: AthenaClient;
  readonly #options: AthenaEngineOptions;

  constructor(client: AthenaClient, options: AthenaEngineOptions) {
    this.#client = client;
    this.#options = options;
  }

  rows(query: EventQuery, _parts: readonly ListedPart[], wanted: RowsWanted): EngineRows {
    const running: { execution?: AthenaExecution } = {};
    const scannedBytes = (): number => running.execution?.scannedBytes ?? 0;
    return {
      batches: this.#batches(query, wanted, running),
      scannedBytes,
      dollars: () =>
        running.execution === undefined || running.execution.reused
          ? 0
          : Math.max(scannedBytes(), LEAST_BYTES) * DOLLARS_PER_BYTE,
    };
  }

  async *#batches(
    query: EventQuery,
    { after, limit, signal, closed }: RowsWanted,
    running: { execution?: AthenaExecution },
  ): AsyncGenerator<readonly EventRow[]> {
    const { database, table, pollScale } = this.#options;
    const { sql, parameters } = compileQuery(query, {
      table: `${database}.${table}`,
      after,
      limit,
    });
    signal?.throwIfAborted();
    const execution = await AthenaExecution.start(
      this.#client,
      this.#options,
      {
        sql,
        parameters: parameters.map(athenaLiteral),
        reuseMinutes: closed ? REUSE_MINUTES : undefined,
      },
      pollScale,
    );
    running.execution = execution;
    const toRow = rowReader(query);
    try {
      await execution.finish(signal);
      for await (const page of execution.pages()) {
        signal?.throwIfAborted();
        if (page.length > 0) yield page.map(toRow);
      }
    } finally {
      await execution.stop();
    }
  }
}

/** Rows come as texts, in the order of the compiled columns. */
function rowReader({ columns }: EventQuery): (values: AthenaRow) => EventRow {
  const wanted = new Set<ColumnName>(['guid', 'created_at', ...columns]);
  const read = COLUMNS.filter(({ name }) => wanted.has(name));
  const absent = COLUMNS.map(({ name }) => [name, null] as const);
  return (values) =>
    Object.fromEntries([
      ...absent,
      ...read.map(({ name, type }, index) => {
        const value = values[index] ?? null;
        return [name, type === 'timestamp' && value !== null ? toInstant(value) : value] as const;
      }),
    ]) as unknown as EventRow;
}

/** `2026-03-01 12:34:56.789`, without a zone: UTC. */
const toInstant = (text: string): Date => new Date(`${text.replace(' ', 'T')}Z`);
