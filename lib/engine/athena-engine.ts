import type { AthenaClient } from '@aws-sdk/client-athena';
import { COLUMNS, type ColumnName, type EventRow } from '../domain/columns.ts';
import type { EventQuery } from '../domain/event-query.ts';
import type { FoundationName } from '../domain/foundation.ts';
import { earlierOf, laterOf } from '../domain/instant.ts';
import { sharesOf } from '../domain/visibility.ts';
import type {
  EngineGroups,
  EngineRows,
  EventGroup,
  GroupColumn,
  GroupsWanted,
  ListedPart,
  QueryEngine,
  RowsWanted,
} from '../query/ports.ts';
import { AthenaExecution, type AthenaPlace, type AthenaRow } from './athena-execution.ts';
import { athenaLiteral } from './athena-literal.ts';
import { AthenaTable } from './athena-table.ts';
import { compileGroups } from './compile-groups.ts';
import { type CompiledQuery, compileQuery } from './compile-query.ts';
import { trinoWildcard } from './conditions.ts';
import { growingWindows } from './growing-windows.ts';
import { mergeAnswers } from './merge-answers.ts';

/** Five US dollars a terabyte, ten megabytes at least (aws.amazon.com/athena/pricing, November 2026). */
const DOLLARS_PER_BYTE = 5 / 1e12;
const LEAST_BYTES = 10e6;

/** A supplement may still be stored for a closed day. */
const REUSE_MINUTES = 60;

/** Between the clocks of S3, Athena and this machine. */
const CLOCK_SKEW_MS = 300_000;

/** GUIDs of a visibility that go into one statement: Athena takes 262,144 bytes, and a GUID has 37 with its comma. Who may see more is answered by several. */
const MOST_GUIDS = 5_000;

/** What a statement cost. */
export interface EndedStatement {
  readonly foundations: readonly FoundationName[];
  readonly scannedBytes: number;
  /** Whether the workgroup ended it, because it read more than it allows. */
  readonly cutOff: boolean;
}

export interface AthenaEngineOptions extends AthenaPlace {
  readonly table: string;
  /** Told of each statement when it has ended. */
  readonly onEnded?: ((statement: EndedStatement) => void) | undefined;
  /** Less than 1 for a server that answers faster than Athena. */
  readonly pollScale?: number;
  /** Milliseconds since 1970, by the clock that S3 dates parts with; default: the machine's. */
  readonly clockMs?: () => number;
}

/** The engine in the cloud: Athena over the parts in S3. Database and table are spliced into SQL: letters, digits and `_` only. */
export class AthenaEngine implements QueryEngine {
  readonly #client: AthenaClient;
  readonly #options: AthenaEngineOptions;
  readonly #table: AthenaTable;

  constructor(client: AthenaClient, options: AthenaEngineOptions) {
    this.#client = client;
    this.#options = options;
    this.#table = new AthenaTable(client, options);
  }

  rows(query: EventQuery, parts: readonly ListedPart[], wanted: RowsWanted): EngineRows {
    const executions: AthenaExecution[] = [];
    const sum = (of: (execution: AthenaExecution) => number): number =>
      executions.reduce((total, execution) => total + of(execution), 0);
    const shares = sharesOf(wanted.visibility, MOST_GUIDS);
    const { limit, page } = wanted;
    const single = shares.length === 1;
    // Which rows an offset skips is only known when the shares are one answer again.
    const before = single ? 0 : (page?.offset ?? 0);
    const share = {
      ...wanted,
      page: page && { ...page, offset: page.offset - before },
      limit: limit && limit + before,
    };
    const answers = shares.map((visibility) =>
      this.#batches(query, parts, { ...share, visibility }, executions),
    );
    const [only] = answers;
    return {
      batches: only && single ? only : skip(mergeAnswers(answers, query, share.limit), before),
      scannedBytes: () => sum(({ scannedBytes }) => scannedBytes),
      dollars: () => sum(dollarsOf),
    };
  }

  /** Whoever sees too much for one statement gets the groups by space and organization as well: what each share shows of such a group is all of it, so it counts once. */
  async groups(
    query: EventQuery,
    parts: readonly ListedPart[],
    { by, days, visibility, signal, closed, onStart }: GroupsWanted,
  ): Promise<EngineGroups> {
    const { database, table } = this.#options;
    const shares = sharesOf(visibility, MOST_GUIDS);
    const columns: readonly GroupColumn[] =
      shares.length === 1 ? by : [...by, 'space_guid', 'organization_guid'];
    const executions: AthenaExecution[] = [];
    const scannedBytes = (): number =>
      executions.reduce((sum, execution) => sum + execution.scannedBytes, 0);
    onStart?.(scannedBytes);
    const found: EventGroup[] = [];
    const reusable = this.#isReusable(parts, closed);
    await this.#table.check(parts);
    for (const each of shares) {
      const compiled = compileGroups(query, {
        table: `${database}.${table}`,
        wildcard: trinoWildcard,
        by: columns,
        days,
        visibility: each,
      });
      for await (const rows of this.#run(query, compiled, { signal, reusable }, executions)) {
        found.push(...rows.map((values) => toGroup(values, columns.length)));
      }
    }
    return {
      groups: shares.length === 1 ? found : regroup(found, by.length),
      scannedBytes: scannedBytes(),
      dollars: executions.reduce((sum, execution) => sum + dollarsOf(execution), 0),
    };
  }

  async *#batches(
    query: EventQuery,
    parts: readonly ListedPart[],
    { after, limit, page, signal, closed, visibility }: RowsWanted,
    executions: AthenaExecution[],
  ): AsyncGenerator<readonly EventRow[]> {
    const { database, table } = this.#options;
    await this.#table.check(parts);
    const toRow = rowReader(query);
    // All rows, and a page by its number, are not found sooner nearby.
    const nearby = limit !== undefined && page === undefined;
    const reusable = this.#isReusable(parts, closed);
    let left = limit;
    for (const window of nearby ? growingWindows(query, parts, after) : [query]) {
      const compiled = compileQuery(query, {
        table: `${database}.${table}`,
        wildcard: trinoWildcard,
        window,
        after,
        limit: left,
        page,
        visibility,
      });
      for await (const rows of this.#run(query, compiled, { signal, reusable }, executions)) {
        yield rows.map(toRow);
        if (left !== undefined) left -= rows.length;
      }
      if (left === 0) return;
    }
  }

  /** Whether an answer of the last hour may be given again: only when it saw every part there is. What is counted in it is remembered for good. */
  #isReusable(parts: readonly ListedPart[], closed: boolean | undefined): boolean {
    const { clockMs = Date.now } = this.#options;
    const before = clockMs() - REUSE_MINUTES * 60_000 - CLOCK_SKEW_MS;
    return closed === true && parts.every(({ modifiedAt }) => modifiedAt.getTime() < before);
  }

  /** Batches of raw rows, none of them empty. */
  async *#run(
    { foundations }: EventQuery,
    { sql, parameters }: CompiledQuery,
    { signal, reusable }: Pick<RowsWanted, 'signal'> & { readonly reusable: boolean },
    executions: AthenaExecution[],
  ): AsyncGenerator<readonly AthenaRow[]> {
    signal?.throwIfAborted();
    const execution = await AthenaExecution.start(
      this.#client,
      this.#options,
      {
        sql,
        parameters: parameters.map(athenaLiteral),
        reuseMinutes: reusable ? REUSE_MINUTES : undefined,
      },
      this.#options.pollScale,
    );
    executions.push(execution);
    try {
      await execution.finish(signal);
      for await (const page of execution.pages()) {
        signal?.throwIfAborted();
        if (page.length > 0) yield page;
      }
    } finally {
      await execution.stop();
      const { scannedBytes, cutOff } = execution;
      this.#options.onEnded?.({ foundations, scannedBytes, cutOff });
    }
  }
}

const toGroup = (values: AthenaRow, columns: number): EventGroup => {
  const [rows, first, last] = values.slice(columns);
  return {
    key: values.slice(0, columns),
    rows: Number(rows),
    first: toInstant(first ?? ''),
    last: toInstant(last ?? ''),
  };
};

/** Groups that came from several shares by their first columns: each of them once, then summed. */
function regroup(groups: readonly EventGroup[], columns: number): EventGroup[] {
  const once = new Map(groups.map((group) => [JSON.stringify(group.key), group]));
  const summed = new Map<string, EventGroup>();
  for (const group of once.values()) {
    const key = group.key.slice(0, columns);
    const name = JSON.stringify(key);
    const known = summed.get(name);
    summed.set(name, {
      key,
      rows: group.rows + (known?.rows ?? 0),
      first: known === undefined ? group.first : earlierOf(known.first, group.first),
      last: known === undefined ? group.last : laterOf(known.last, group.last),
    });
  }
  return [...summed.values()];
}

async function* skip<T>(
  batches: AsyncIterable<readonly T[]>,
  rows: number,
): AsyncGenerator<readonly T[]> {
  let left = rows;
  for await (const batch of batches) {
    const kept = batch.slice(left);
    left = Math.max(0, left - batch.length);
    if (kept.length > 0) yield kept;
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
