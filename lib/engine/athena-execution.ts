import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  type QueryExecution,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { athenaError, failedQuery, isCutOff } from './athena-error.ts';

export interface AthenaPlace {
  readonly workgroup: string;
  readonly database: string;
}

export interface AthenaStatement {
  readonly sql: string;
  /** SQL expressions, one for each `?`. */
  readonly parameters: readonly string[];
  /** An answer to the same statement may be given again when it is not older; undefined: never. */
  readonly reuseMinutes?: number | undefined;
}

/** Most queries take one to three seconds. */
const FIRST_POLL_MS = 600;
const NEXT_POLL_MS = 200;
const MAX_POLL_MS = 1_000;

/** Athena gives no more rows at once. */
const PAGE_ROWS = 1_000;

export type AthenaRow = readonly (string | null)[];

/** One statement on its way through Athena. Its id never leaves this class. */
export class AthenaExecution {
  readonly #client: AthenaClient;
  readonly #id: string;
  readonly #pollScale: number;
  #execution: QueryExecution = {};
  #ended = false;

  private constructor(client: AthenaClient, id: string, pollScale: number) {
    this.#client = client;
    this.#id = id;
    this.#pollScale = pollScale;
  }

  /** @param pollScale - 1, or less for a server that answers faster than Athena */
  static async start(
    client: AthenaClient,
    { workgroup, database }: AthenaPlace,
    { sql, parameters, reuseMinutes }: AthenaStatement,
    pollScale = 1,
  ): Promise<AthenaExecution> {
    const { QueryExecutionId } = await client
      .send(
        new StartQueryExecutionCommand({
          QueryString: sql,
          ...(parameters.length > 0 && { ExecutionParameters: [...parameters] }),
          WorkGroup: workgroup,
          QueryExecutionContext: { Catalog: 'AwsDataCatalog', Database: database },
          ClientRequestToken: randomUUID(),
          ...(reuseMinutes !== undefined && {
            ResultReuseConfiguration: {
              ResultReuseByAgeConfiguration: { Enabled: true, MaxAgeInMinutes: reuseMinutes },
            },
          }),
        }),
      )
      .catch((error) => Promise.reject(athenaError(error, 'StartQueryExecution')));
    return new AthenaExecution(client, QueryExecutionId ?? '', pollScale);
  }

  /** Bytes that were read for it; 0 when an earlier answer was given again. */
  get scannedBytes(): number {
    const { Statistics } = this.#execution;
    if (Statistics?.ResultReuseInformation?.ReusedPreviousResult) return 0;
    return Statistics?.DataScannedInBytes ?? 0;
  }

  get reused(): boolean {
    return this.#execution.Statistics?.ResultReuseInformation?.ReusedPreviousResult === true;
  }

  /** Whether the workgroup ended it, because it read more than that allows. */
  get cutOff(): boolean {
    return isCutOff(this.#execution);
  }

  /** @throws ArchiveError when it failed or was cancelled; the signal's reason when that came first */
  async finish(signal: AbortSignal | undefined): Promise<void> {
    for (let wait = FIRST_POLL_MS; ; wait = Math.min(wait + NEXT_POLL_MS, MAX_POLL_MS)) {
      await sleep(wait * this.#pollScale, undefined, signal && { signal }).catch((error) => {
        // A timer tells of every end as an AbortError; whoever asked wants to know of a timeout.
        signal?.throwIfAborted();
        throw error;
      });
      await this.#look();
      const state = this.#execution.Status?.State;
      if (state === 'QUEUED' || state === 'RUNNING') continue;
      this.#ended = true;
      if (state === 'SUCCEEDED') return;
      throw failedQuery(this.#execution);
    }
  }

  async #look(): Promise<void> {
    const { QueryExecution: execution = {} } = await this.#client
      .send(new GetQueryExecutionCommand({ QueryExecutionId: this.#id }))
      .catch((error) => Promise.reject(athenaError(error, 'GetQueryExecution')));
    this.#execution = execution;
  }

  /** Pages of rows, without the heading that Athena puts before the first one. Values are text; null is null. */
  async *pages(): AsyncGenerator<readonly AthenaRow[]> {
    let token: string | undefined;
    do {
      const { ResultSet, NextToken } = await this.#client
        .send(
          new GetQueryResultsCommand({
            QueryExecutionId: this.#id,
            MaxResults: PAGE_ROWS,
            ...(token !== undefined && { NextToken: token }),
          }),
        )
        .catch((error) => Promise.reject(athenaError(error, 'GetQueryResults')));
      const rows = (ResultSet?.Rows ?? []).map(({ Data = [] }) =>
        Data.map(({ VarCharValue }) => VarCharValue ?? null),
      );
      yield token === undefined ? rows.slice(1) : rows;
      token = NextToken;
    } while (token !== undefined);
  }

  /** Nobody waits for it any more: a query that goes on costs. What it has read until then counts. Does nothing when it has ended; that it cannot be stopped is no error. */
  async stop(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    await this.#client
      .send(new StopQueryExecutionCommand({ QueryExecutionId: this.#id }))
      .catch(() => undefined);
    await this.#look().catch(() => undefined);
  }
}
