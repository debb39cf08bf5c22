import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

/** A value as Trino's protocol gives it: text for varchar, timestamp and date; integers beyond 2^53 as bigint. */
export type TrinoValue = string | number | bigint | boolean | null | readonly TrinoValue[];

export interface TrinoAnswer {
  /** `type` as Trino writes it, such as `varchar` or `timestamp(3)`. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly TrinoValue[])[];
  /** Bytes that were read from files; 0 also for a file whose footer alone said that nothing in it was wanted. */
  readonly physicalInputBytes: number;
}

export interface TrinoStatementOptions {
  /** Default: none; names are then qualified. */
  readonly schema?: string;
  /** Ends the statement at the server, too. */
  readonly signal?: AbortSignal;
}

/** A statement that Trino refused or that failed on it. */
export class TrinoError extends Error {
  /** Such as `TABLE_NOT_FOUND`. */
  readonly errorName: string;
  /** `USER_ERROR`, `INTERNAL_ERROR`, `INSUFFICIENT_RESOURCES` or `EXTERNAL`. */
  readonly errorType: string;

  constructor(message: string, errorName: string, errorType: string) {
    super(message);
    this.name = 'TrinoError';
    this.errorName = errorName;
    this.errorType = errorType;
  }
}

const pageSchema = z.object({
  nextUri: z.string().optional(),
  columns: z.array(z.object({ name: z.string(), type: z.string() })).optional(),
  data: z.array(z.array(z.custom<TrinoValue>())).optional(),
  stats: z.object({ physicalInputBytes: z.number().optional() }),
  error: z.object({ message: z.string(), errorName: z.string(), errorType: z.string() }).optional(),
});

/** JSON, with integers that a double cannot hold as bigint. */
const parsePage = (text: string): z.infer<typeof pageSchema> =>
  pageSchema.parse(
    JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
      typeof value === 'number' &&
      !Number.isSafeInteger(value) &&
      /^-?\d+$/.test(context?.source ?? '')
        ? BigInt(context?.source ?? '')
        : value,
    ),
  );

/**
 * Run one statement, without a `;` at its end, and wait for all of its rows.
 *
 * @throws TrinoError when Trino says that it failed
 * @see https://trino.io/docs/476/develop/client-protocol.html
 */
export async function runStatement(
  url: string,
  sql: string,
  { schema, signal }: TrinoStatementOptions = {},
): Promise<TrinoAnswer> {
  const headers = {
    'x-trino-user': 'test',
    'x-trino-catalog': 'awsdatacatalog',
    'x-trino-time-zone': 'UTC',
    // Without it every timestamp is called `timestamp`, whatever its precision.
    'x-trino-client-capabilities': 'PARAMETRIC_DATETIME',
    ...(schema === undefined ? {} : { 'x-trino-schema': schema }),
  };
  const ask = async (at: string, init: RequestInit) => {
    const answer = await fetch(at, { headers, ...init });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`Trino answered ${answer.status}: ${text.slice(0, 300)}`);
    return parsePage(text);
  };

  let columns: TrinoAnswer['columns'] = [];
  const rows: TrinoValue[][] = [];
  let page = await ask(`${url}/v1/statement`, { method: 'POST', body: sql });
  for (;;) {
    if (page.error) {
      throw new TrinoError(page.error.message, page.error.errorName, page.error.errorType);
    }
    columns = page.columns ?? columns;
    rows.push(...(page.data ?? []));
    if (page.nextUri === undefined) break;
    if (signal?.aborted) {
      await fetch(page.nextUri, { method: 'DELETE', headers });
      signal.throwIfAborted();
    }
    // While a statement waits for its turn the server answers at once.
    if (page.nextUri.includes('/queued/')) await sleep(5);
    page = await ask(page.nextUri, {});
  }
  return { columns, rows, physicalInputBytes: page.stats.physicalInputBytes ?? 0 };
}
