import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TrinoAnswer, TrinoError, type TrinoStatementOptions } from './trino-statement.ts';

/** Whatever runs the statements. */
export interface StatementRunner {
  query(sql: string, options?: TrinoStatementOptions): Promise<TrinoAnswer>;
  /** Bytes that a statement has read before it is answered; default 0. */
  readonly runningBytes?: number;
  /** Parameters of a table; default none. */
  parametersOf?(database: string, table: string): Promise<Readonly<Record<string, string>>>;
}

interface Execution {
  state: 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';
  reason?: string;
  answer?: TrinoAnswer;
  readonly abort: AbortController;
}

export interface AthenaServer {
  readonly url: string;
  /** Bodies of the calls so far, in order. */
  readonly calls: readonly { readonly action: string; readonly input: Record<string, unknown> }[];
  /** Refuse the next calls of an action with an error of this name. */
  refuse(action: string, name: string, times: number): void;
  close(): Promise<void>;
}

class Refusal extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

const PAGE_ROWS = 1000;
const MAX_PARAMETER = 1024;

/** Athena's API over a Trino: start, state, results with the heading row in pages of 1,000, stop; each parameter is an SQL expression of at most 1,024 characters. */
export async function startAthenaServer(runner: StatementRunner): Promise<AthenaServer> {
  const executions = new Map<string, Execution>();
  const calls: { action: string; input: Record<string, unknown> }[] = [];
  const refusals: { action: string; name: string; times: number }[] = [];

  const executionOf = ({ QueryExecutionId }: Record<string, unknown>): [string, Execution] => {
    const id = String(QueryExecutionId);
    const execution = executions.get(id);
    if (!execution) throw new Refusal('InvalidRequestException', `QueryExecution ${id} not found`);
    return [id, execution];
  };

  const actions: Record<string, (input: Record<string, unknown>) => object | Promise<object>> = {
    StartQueryExecution(input) {
      const parameters = (input.ExecutionParameters ?? []) as string[];
      if (parameters.some(({ length }) => length < 1 || length > MAX_PARAMETER)) {
        throw new Refusal('InvalidRequestException', 'a parameter is too long');
      }
      const id = randomUUID();
      const execution: Execution = { state: 'QUEUED', abort: new AbortController() };
      executions.set(id, execution);
      void run(runner, execution, input, parameters);
      return { QueryExecutionId: id };
    },
    GetQueryExecution(input) {
      const [id, { state, reason, answer }] = executionOf(input);
      return {
        QueryExecution: {
          QueryExecutionId: id,
          Status: { State: state, StateChangeReason: reason },
          Statistics: {
            DataScannedInBytes: answer?.physicalInputBytes ?? runner.runningBytes ?? 0,
          },
        },
      };
    },
    GetQueryResults(input) {
      const [, { answer }] = executionOf(input);
      if (!answer) throw new Refusal('InvalidRequestException', 'Query has not yet finished');
      const heading = answer.columns.map(({ name }) => name);
      const all = [heading, ...answer.rows];
      const from = Number(input.NextToken ?? 0);
      const to = from + Math.min(PAGE_ROWS, Number(input.MaxResults ?? PAGE_ROWS));
      return {
        ResultSet: {
          Rows: all.slice(from, to).map((row) => ({
            Data: row.map((value) => (value === null ? {} : { VarCharValue: String(value) })),
          })),
        },
        ...(to < all.length && { NextToken: String(to) }),
      };
    },
    async GetTableMetadata({ DatabaseName, TableName }) {
      const Parameters =
        (await runner.parametersOf?.(String(DatabaseName), String(TableName))) ?? {};
      return { TableMetadata: { Name: TableName, Parameters } };
    },
    StopQueryExecution(input) {
      const [, execution] = executionOf(input);
      execution.abort.abort();
      if (execution.state !== 'SUCCEEDED') execution.state = 'CANCELLED';
      return {};
    },
  };

  const server = createServer(async (request, response) => {
    const action = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    try {
      const input = JSON.parse(await bodyOf(request)) as Record<string, unknown>;
      calls.push({ action, input });
      const refusal = refusals.find((each) => each.action === action && each.times > 0);
      if (refusal) {
        refusal.times -= 1;
        throw new Refusal(refusal.name, 'Rate exceeded');
      }
      const act = actions[action];
      if (!act) throw new Refusal('InvalidRequestException', `no such action: ${action}`);
      answer(response, 200, await act(input));
    } catch (error) {
      const { name, message } = error as Error;
      answer(response, 400, { __type: name, message });
    }
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    refuse: (action, name, times) => void refusals.push({ action, name, times }),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function run(
  runner: StatementRunner,
  execution: Execution,
  input: Record<string, unknown>,
  parameters: readonly string[],
): Promise<void> {
  const state = (): Execution['state'] => execution.state;
  execution.state = 'RUNNING';
  const sql = String(input.QueryString);
  const statement =
    parameters.length === 0
      ? sql
      : `EXECUTE IMMEDIATE '${sql.replaceAll("'", "''")}' USING ${parameters.join(', ')}`;
  try {
    execution.answer = await runner.query(statement, { signal: execution.abort.signal });
    if (state() === 'RUNNING') execution.state = 'SUCCEEDED';
  } catch (error) {
    if (state() === 'CANCELLED') return;
    execution.state = 'FAILED';
    execution.reason =
      error instanceof TrinoError ? `${error.errorName}: ${error.message}` : String(error);
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
  response.end(JSON.stringify(body));
}
