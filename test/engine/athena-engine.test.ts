import {
  AthenaClient,
  GetQueryExecutionCommand,
  type GetQueryExecutionCommandOutput,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import type { EventRow } from '../../lib/domain/columns.ts';
import { daySchema } from '../../lib/domain/day.ts';
import { foundationNameSchema } from '../../lib/domain/foundation.ts';
import { SEES_ALL } from '../../lib/domain/visibility.ts';
import { AthenaEngine } from '../../lib/engine/athena-engine.ts';
import type { RowsWanted } from '../../lib/query/ports.ts';
import { anEventQuery } from '../support/event-queries.ts';

const ID = 'aaaaaaaa-0000-4000-8000-000000000001';

const athena = mockClient(AthenaClient);
const OPTIONS = { workgroup: 'audit', database: 'archive', table: 'audit_events', pollScale: 0 };
const engine = new AthenaEngine(new AthenaClient({ region: 'eu-central-1' }), OPTIONS);

type Execution = NonNullable<GetQueryExecutionCommandOutput['QueryExecution']>;
const execution = (state: string, rest: Partial<Execution> = {}) => ({
  QueryExecution: { ...rest, Status: { ...rest.Status, State: state } } as Execution,
});
const resultRow = (...values: (string | null)[]) => ({
  Data: values.map((value) => (value === null ? {} : { VarCharValue: value })),
});
const HEADING = resultRow('guid', 'created_at', 'type');

beforeEach(() => {
  athena.reset();
  athena.on(StartQueryExecutionCommand).resolves({ QueryExecutionId: ID });
  athena.on(StopQueryExecutionCommand).resolves({});
  athena
    .on(GetQueryExecutionCommand)
    .resolves(execution('SUCCEEDED', { Statistics: { DataScannedInBytes: 12_345_678 } }));
  athena.on(GetQueryResultsCommand).resolves({ ResultSet: { Rows: [HEADING] } });
});

const QUERY = anEventQuery({ targets: ["o'neill"], columns: ['type'] });

async function ask(wanted: Partial<RowsWanted> = {}) {
  const found = engine.rows(QUERY, [], { visibility: SEES_ALL, ...wanted });
  const rows: EventRow[] = [];
  for await (const batch of found.batches) rows.push(...batch);
  return { rows, scannedBytes: found.scannedBytes(), dollars: found.dollars() };
}

const named = (name: string, message = 'no'): Error => Object.assign(new Error(message), { name });
const inputsOf = (type: string) =>
  athena
    .calls()
    .filter(({ args: [command] }) => command.constructor.name === type)
    .map(({ args: [command] }) => command.input);

describe('AthenaEngine', () => {
  it('starts a query with every value bound, in its workgroup, and reads all pages without the heading', async () => {
    athena
      .on(GetQueryExecutionCommand)
      .resolvesOnce(execution('QUEUED'))
      .resolvesOnce(execution('RUNNING'))
      .resolves(execution('SUCCEEDED', { Statistics: { DataScannedInBytes: 12_345_678 } }));
    athena
      .on(GetQueryResultsCommand)
      .resolvesOnce({
        ResultSet: {
          Rows: [HEADING, resultRow('g2', '2026-03-02 08:00:00.123', 'audit.app.update')],
        },
        NextToken: 'more',
      })
      .resolvesOnce({ ResultSet: { Rows: [resultRow('g1', '2026-03-01 00:00:00.000', null)] } });

    const { rows, scannedBytes, dollars } = await ask({ limit: 51 });

    expect(inputsOf('StartQueryExecutionCommand')).toEqual([
      {
        QueryString: [
          'SELECT guid, created_at, type',
          'FROM archive.audit_events',
          'WHERE foundation IN (?)',
          '  AND dt BETWEEN ? AND ?',
          '  AND created_at >= ?',
          '  AND created_at < ?',
          '  AND ((target_guid = ? OR lower(target_name) = lower(?)))',
          'ORDER BY created_at DESC, guid DESC',
          'LIMIT 51',
        ].join('\n'),
        ExecutionParameters: [
          "'eu-1'",
          "'2026-03-01'",
          "'2026-03-31'",
          "TIMESTAMP '2026-03-01 00:00:00.000'",
          "TIMESTAMP '2026-04-01 00:00:00.000'",
          "'o''neill'",
          "'o''neill'",
        ],
        WorkGroup: 'audit',
        QueryExecutionContext: { Catalog: 'AwsDataCatalog', Database: 'archive' },
        ClientRequestToken: expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
    ]);
    expect(inputsOf('GetQueryExecutionCommand')).toHaveLength(3);
    expect(inputsOf('GetQueryResultsCommand')).toEqual([
      { QueryExecutionId: ID, MaxResults: 1000 },
      { QueryExecutionId: ID, MaxResults: 1000, NextToken: 'more' },
    ]);
    expect(rows).toMatchObject([
      { guid: 'g2', created_at: new Date('2026-03-02T08:00:00.123Z'), type: 'audit.app.update' },
      { guid: 'g1', created_at: new Date('2026-03-01T00:00:00Z'), type: null, data: null },
    ]);
    expect(scannedBytes).toBe(12_345_678);
    expect(dollars).toBeCloseTo(0.0000617, 7);
    expect(inputsOf('StopQueryExecutionCommand')).toEqual([]);
  });

  it('looks at the newest days first when no range was asked for, and no farther than the page needs', async () => {
    athena
      .on(GetQueryResultsCommand)
      .resolvesOnce({ ResultSet: { Rows: [HEADING] } })
      .resolvesOnce({
        ResultSet: {
          Rows: [
            HEADING,
            resultRow('g2', '2026-03-30 08:00:00.000', null),
            resultRow('g1', '2026-03-30 07:00:00.000', null),
          ],
        },
      })
      .rejects(new Error('nobody needs more'));
    const query = anEventQuery({ openRange: true, columns: ['type'] });
    const parts = ['2026-03-31', '2026-03-28', '2026-03-01'].map((dt) => ({
      key: `part of ${dt}`,
      foundation: foundationNameSchema.parse('eu-1'),
      dt: daySchema.parse(dt),
      bytes: 1,
      modifiedAt: new Date(0),
    }));

    const found = engine.rows(query, parts, { visibility: SEES_ALL, limit: 2 });
    const rows = (await Array.fromAsync(found.batches)).flat();

    expect(rows.map(({ guid }) => guid)).toEqual(['g2', 'g1']);
    expect(
      inputsOf('StartQueryExecutionCommand').map((input) =>
        Object(input).ExecutionParameters.slice(1, 5),
      ),
    ).toEqual([
      [
        "'2026-03-30'",
        "'2026-03-31'",
        "TIMESTAMP '2026-03-31 00:00:00.000'",
        "TIMESTAMP '2026-04-01 00:00:00.000'",
      ],
      [
        "'2026-03-23'",
        "'2026-03-31'",
        "TIMESTAMP '2026-03-24 00:00:00.000'",
        "TIMESTAMP '2026-03-31 00:00:00.000'",
      ],
    ]);
    expect(found.scannedBytes()).toBe(2 * 12_345_678);
  });

  it('lets an earlier answer be given again for closed days only, and says that it cost nothing', async () => {
    athena.on(GetQueryExecutionCommand).resolves(
      execution('SUCCEEDED', {
        Statistics: {
          DataScannedInBytes: 99,
          ResultReuseInformation: { ReusedPreviousResult: true },
        },
      }),
    );

    const { scannedBytes, dollars } = await ask({ closed: true });
    await ask({ closed: false });

    const reuse = { Enabled: true, MaxAgeInMinutes: 60 };
    expect(
      inputsOf('StartQueryExecutionCommand').map((input) => Object(input).ResultReuseConfiguration),
    ).toEqual([{ ResultReuseByAgeConfiguration: reuse }, undefined]);
    expect([scannedBytes, dollars]).toEqual([0, 0]);
  });

  it('bills ten megabytes at least', async () => {
    athena
      .on(GetQueryExecutionCommand)
      .resolves(execution('SUCCEEDED', { Statistics: { DataScannedInBytes: 1 } }));

    expect((await ask()).dollars).toBeCloseTo(0.00005, 10);
  });

  it('stops the query when whoever asked goes away while it runs', async () => {
    const asking = new AbortController();
    athena.on(GetQueryExecutionCommand).callsFake(async () => {
      asking.abort();
      return execution('RUNNING');
    });

    await expect(ask({ signal: asking.signal })).rejects.toMatchObject({ name: 'AbortError' });

    expect(inputsOf('StopQueryExecutionCommand')).toEqual([{ QueryExecutionId: ID }]);
  });

  it.each<[state: string, rest: Partial<Execution>, code: string, message: RegExp]>([
    [
      'FAILED',
      { Status: { StateChangeReason: 'TABLE_NOT_FOUND: line 2:6' } },
      'QUERY_FAILED',
      /^Athena could not answer: TABLE_NOT_FOUND/,
    ],
    [
      'FAILED',
      {
        Status: {
          StateChangeReason: 'SlowDown: s3://archive/events/v1/part-0000.parquet',
          AthenaError: { ErrorCategory: 1, Retryable: true },
        },
      },
      'QUERY_BUSY',
      /^Athena could not answer now; ask again in a minute$/,
    ],
    [
      'FAILED',
      { Status: { StateChangeReason: 'Query exhausted resources at this scale factor' } },
      'QUERY_TOO_LARGE',
      /had not enough memory .* ask for fewer days/,
    ],
    [
      'CANCELLED',
      { Status: { StateChangeReason: 'Bytes scanned limit was exceeded' } },
      'QUERY_TOO_LARGE',
      /ask for fewer days/,
    ],
    ['CANCELLED', {}, 'QUERY_FAILED', /was cancelled in Athena: no reason was given/],
    [
      'FAILED',
      { Status: { StateChangeReason: `see s3://results/${ID}.csv` } },
      'QUERY_FAILED',
      /^Athena could not answer: see s3:\/\/results\/….csv$/,
    ],
  ])('says what %s with %j means', async (state, rest, code, message) => {
    athena.on(GetQueryExecutionCommand).resolves(execution(state, rest));

    await expect(ask()).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it.each([
    ['CANCELLED', 'Query cancelled! : Bytes scanned limit was exceeded', true],
    ['FAILED', 'Query exhausted resources at this scale factor', false],
    ['FAILED', 'TABLE_NOT_FOUND: line 2:6', false],
  ])('tells of %s (%s) whether the limit of bytes was it: %s', async (state, reason, cutOff) => {
    const onEnded = jest.fn();
    const telling = new AthenaEngine(new AthenaClient({ region: 'eu-central-1' }), {
      ...OPTIONS,
      onEnded,
    });
    athena
      .on(GetQueryExecutionCommand)
      .resolves(execution(state, { Status: { StateChangeReason: reason } }));

    const { batches } = telling.rows(QUERY, [], { visibility: SEES_ALL });
    await expect(batches[Symbol.asyncIterator]().next()).rejects.toThrow();

    expect(onEnded).toHaveBeenCalledWith({
      foundations: QUERY.foundations,
      scannedBytes: 0,
      cutOff,
    });
  });

  it.each([
    ['TooManyRequestsException', 'QUERY_BUSY', /too many queries are waiting/],
    ['ThrottlingException', 'QUERY_BUSY', /asked too often/],
    ['InternalServerException', 'QUERY_BUSY', /does not answer/],
    ['AccessDeniedException', 'QUERY_FAILED', /give this role athena:StartQueryExecution/],
    ['InvalidRequestException', 'QUERY_FAILED', /look at engine.athena/],
    ['CredentialsProviderError', 'QUERY_FAILED', /no AWS credentials/],
    ['Strange', 'QUERY_FAILED', /StartQueryExecution failed at Athena/],
  ])('says what %s means', async (name, code, message) => {
    athena.on(StartQueryExecutionCommand).rejects(named(name, `no ${ID}`));

    const error = await ask().catch((cause: Error) => cause);

    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(String(error)).not.toContain(ID);
  });

  it('answers who may see too much for one statement with several, as one answer', async () => {
    const spaces = Array.from({ length: 5_001 }, (_, index) => `space-${index}`);
    const rows = [
      [
        ['c', '2026-03-03 08:00:00.000', 't'],
        ['a', '2026-03-01 08:00:00.000', 't'],
      ],
      [
        ['b', '2026-03-02 08:00:00.000', 't'],
        ['a', '2026-03-01 08:00:00.000', 't'],
      ],
    ];
    for (const [index] of rows.entries()) {
      athena.on(GetQueryResultsCommand, { QueryExecutionId: `id-${index}` }).resolves({
        ResultSet: {
          Rows: [HEADING, ...(rows[index] ?? []).map((values) => resultRow(...values))],
        },
      });
    }
    athena
      .on(StartQueryExecutionCommand)
      .resolvesOnce({ QueryExecutionId: 'id-0' })
      .resolvesOnce({ QueryExecutionId: 'id-1' });

    const { rows: found } = await ask({
      visibility: { kind: 'scoped', spaces, organizations: ['o-1'] },
      limit: 3,
    });

    expect(found.map(({ guid }) => guid)).toEqual(['c', 'b', 'a']);
    const statements = inputsOf('StartQueryExecutionCommand') as {
      readonly QueryString: string;
      readonly ExecutionParameters: string[];
    }[];
    expect(statements).toHaveLength(2);
    for (const { QueryString, ExecutionParameters } of statements) {
      const bytes = Buffer.byteLength(QueryString + ExecutionParameters.join(''));
      expect(bytes).toBeLessThan(262_144);
      expect(Math.max(...ExecutionParameters.map(({ length }) => length))).toBeLessThanOrEqual(
        1024,
      );
    }
    expect(statements[1]?.ExecutionParameters.slice(-2)).toEqual(["'space-5000'", "'o-1'"]);
  });

  it('takes a value of 1,024 characters with its quotes, and refuses one more before it asks', async () => {
    const asking = (text: string) =>
      engine
        .rows(anEventQuery({ texts: [text] }), [], { visibility: SEES_ALL })
        .batches[Symbol.asyncIterator]()
        .next();

    await asking(`'${'x'.repeat(1020)}`);
    await expect(asking(`'${'x'.repeat(1021)}`)).rejects.toMatchObject({ code: 'QUERY_INVALID' });

    expect(inputsOf('StartQueryExecutionCommand')).toHaveLength(1);
  });
});
