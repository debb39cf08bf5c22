import type { AthenaClient } from '@aws-sdk/client-athena';
import { COLUMNS, type ColumnName, type EventRow } from '../domain/columns.ts';
import type { EventQuery } from '../domain/event-query.ts';
import { sharesOf } from '../domain/visibility.ts';
import type { EngineRows, ListedPart, QueryEngine, RowsWanted } from '../query/ports.ts';
import { AthenaExecution, type AthenaPlace, type AthenaRow } from './athena-execution.ts';
import { athenaLiteral } from './athena-literal.ts';
import { compileQuery } from './compile-query.ts';
import { mergeAnswers } from './merge-answers.ts';

/** Five US dollars a terabyte, ten megabytes at least (aws.amazon.com/athena/pricing, November 2026). */
const DOLLARS_PER_BYTE = 5 / 1e12;
const LEAST_BYTES = 10e6;

/** A supplement may still be stored for a closed day. */
const REUSE_MINUTES = 60;

/** GUIDs of a visibility that go into one statement: Athena takes 262,144 bytes, and a GUID has 37 with its comma. Who may see more is answered by several. */
const MOST_GUIDS = 5_000;

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
    const executions: AthenaExecution[] = [];
    const sum = (of: (execution: AthenaExecution) => number): number =>
      executions.reduce((total, execution) => total + of(execution), 0);
    const shares = sharesOf(wanted.visibility, MOST_GUIDS);
    const answers = shares.map((visibility) =>
      this.#batches(query, { ...wanted, visibility }, executions),
    );
    const [only] = answers;
    return {
      batches: only && answers.length === 1 ? only : mergeAnswers(answers, query, wanted.limit),
      scannedBytes: () => sum(({ scannedBytes }) => scannedBytes),
      dollars: () => sum(dollarsOf),
    };
  }

  async *#batches(
    query: EventQuery,
    { after, limit, signal, closed, visibility }: RowsWanted,
    executions: AthenaExecution[],
  ): AsyncGenerator<readonly EventRow[]> {
    const { database, table, pollScale } = this.#options;
    const { sql, parameters } = compileQuery(query, {
      table: `${database}.${table}`,
      after,
      limit,
      visibility,
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
    executions.push(execution);
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

const dollarsOf = ({ reused, scannedBytes }: AthenaExecution): number =>
  reused ? 0 : Math.max(scannedBytes, LEAST_BYTES) * DOLLARS_PER_BYTE;

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
