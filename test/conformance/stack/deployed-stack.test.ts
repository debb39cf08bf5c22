import { existsSync } from 'node:fs';
import { mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { FUNCTION_NAMES, type FunctionName } from '../../../infra/function-names.ts';
import { QUERY_LOG_NAME } from '../../../lib/catalogue/query-log-table.ts';
import { VIEWS } from '../../../lib/catalogue/views.ts';
import { FUNCTION_FOLDER } from '../../../lib/config/function-environment.ts';
import { DAY_MS, dayOf } from '../../../lib/domain/day.ts';
import { foundationNameSchema } from '../../../lib/domain/foundation.ts';
import { createQueryLog } from '../../../lib/query-log/log-questions.ts';
import { generateFoundation } from '../../../lib/sample-foundation/generator/generate-foundation.ts';
import {
  ARCHIVER_CLIENT,
  type SampleFoundation,
  startSampleFoundation,
} from '../../../lib/sample-foundation/sample-foundation.ts';
import { LOCAL_CALLER } from '../../../lib/serving/open-sites.ts';
import { type AthenaServer, startAthenaServer } from '../../support/athena-server.ts';
import {
  type S3Server,
  s3ServerAbsence,
  startS3Server,
} from '../../support/s3-server/s3-server.ts';
import { anEventRecord } from '../../support/sample-foundation/records.ts';
import { DeployedQueue } from '../../support/stack/deployed-queue.ts';
import { DeployedStack, eventually, type LogLine } from '../../support/stack/deployed-stack.ts';
import { killFunction } from '../../support/stack/function-processes.ts';
import {
  copyService,
  type ServiceCopy,
  withoutMetricMath,
} from '../../support/stack/service-copy.ts';
import type { Account } from '../../support/stack/signed-request.ts';
import { trinoAbsence } from '../../support/trino-home.ts';
import { startTrino, type TrinoServer } from '../../support/trino-server.ts';

const REGION = 'eu-central-1';
const STACK = 'cf-audit-archive-e2e';
const DATABASE = 'cf_audit_archive_e2e';
const BUCKET = 'e2e-audit-archive';
const RETENTION_DAYS = 6;
const MINUTE = 60_000;

const absence = s3ServerAbsence() ?? trinoAbsence();
const suite = absence === undefined ? describe : describe.skip;

const began = Date.now();
function step(text: string): void {
  const seconds = ((Date.now() - began) / 1000).toFixed(0).padStart(4);
  process.stdout.write(`${seconds} s  ${text}\n`);
}

const NOW = new Date();
const daysAgo = (days: number) => dayOf(new Date(NOW.getTime() - days * DAY_MS));

/** A foundation that has lived as long as it keeps events. */
const startFoundation = (seed: string, eventsPerDay: number): Promise<SampleFoundation> =>
  startSampleFoundation({
    records: generateFoundation({
      seed,
      from: new Date(NOW.getTime() - RETENTION_DAYS * DAY_MS),
      to: NOW,
      eventsPerDay,
    }),
    now: NOW,
    retentionDays: RETENTION_DAYS,
  });

const running = (trino: TrinoServer | undefined): TrinoServer => {
  if (trino === undefined) throw new Error('Trino is not started');
  return trino;
};

jest.setTimeout(5 * MINUTE);

// One test after the other: each begins where the one before it ended.
suite(absence ?? 'the deployed stack', () => {
  const foundations = new Map<string, SampleFoundation>();
  let directory: string;
  let hadFunctionFolder: boolean;
  let athena: AthenaServer;
  let trino: TrinoServer | undefined;
  let server: S3Server;
  let account: Account;
  let secrets: SecretsManagerClient;
  let service: ServiceCopy;
  let stack: DeployedStack;
  let queue: DeployedQueue;
  let deadLetters: DeployedQueue;

  beforeAll(async () => {
    directory = await realpath(await mkdtemp(join(tmpdir(), 'deployed-stack-')));
    hadFunctionFolder = existsSync(FUNCTION_FOLDER);
    foundations.set('eu-1', await startFoundation('eu-1', 300));
    foundations.set('us-1', await startFoundation('us-1', 40));
    // Athena's API over Trino: the stand-in's own Athena binds no parameters.
    athena = await startAthenaServer({
      query: (sql, options) => running(trino).query(sql, options),
      parametersOf: (database, table) => stack.tableParameters(database, table),
    });
    server = await startS3Server({
      AUTH: 'true',
      // Functions have it from the server that runs them, as everything else of the stand-in.
      AWS_ENDPOINT_URL_ATHENA: athena.url,
    });
    const { endpoint } = server;
    account = { endpoint, region: REGION, accessKeyId: 'test', secretAccessKey: 'test' };
    secrets = new SecretsManagerClient({ endpoint, region: REGION, credentials: account });
    trino = await startTrino({ aws: account });
    step('MiniStack with authorization, Trino over its Glue and S3, two sample foundations');
    service = await copyService(await configuration(), account);
    stack = new DeployedStack(account, STACK);
  });

  afterAll(async () => {
    queue?.close();
    deadLetters?.close();
    stack?.close();
    secrets?.destroy();
    await trino?.stop();
    await server?.close();
    await athena?.close();
    await service?.close();
    for (const foundation of foundations.values()) await foundation.close();
    await rm(directory, { recursive: true, force: true });
    // Where Lambda is, it is a folder of the function's own machine.
    if (!hadFunctionFolder) await rm(FUNCTION_FOLDER, { recursive: true, force: true });
  });

  async function configuration(): Promise<string> {
    const lines: string[] = [];
    for (const [name, { apiUrl }] of foundations) {
      const { ARN } = await secrets.send(
        new CreateSecretCommand({
          Name: `cf-audit-archive/${name}`,
          SecretString: ARCHIVER_CLIENT.secret,
        }),
      );
      lines.push(
        `  - name: ${name}`,
        `    api: ${apiUrl}`,
        `    client_id: ${ARCHIVER_CLIENT.id}`,
        `    client_secret: { secretsmanager: '${ARN}' }`,
        `    retention_days: ${RETENTION_DAYS}`,
      );
    }
    return `archive: s3://${BUCKET}
foundations:
${lines.join('\n')}
http: { identity: uaa }
deployment:
  stage: e2e
  region: ${REGION}
  first_day: ${daysAgo(10)}
  alarm_email: ops@example.org
  architecture: ${process.arch === 'arm64' ? 'arm64' : 'x86_64'}
`;
  }

  it('is checked, packaged and deployed', async () => {
    step('npm run deploy:check');
    expect(await service.run('npm', 'run', 'deploy:check')).toContain('can be deployed');

    step('npm run package');
    const packaged = await service.run('npm', 'run', 'package');
    for (const [line] of packaged.matchAll(/^.* MB unpacked .*$/gm)) step(line);
    expect(await withoutMetricMath(service)).toEqual(['AlarmCostAthena', 'AlarmCostFunctions']);

    step('osls deploy --package .serverless');
    const printed = await service.run('osls', 'deploy', '--package', '.serverless');

    expect(printed).toContain(`Service deployed to stack ${STACK}`);
    await stack.makeUpForBuckets({ mode: 'GOVERNANCE', years: 7 });
    await stack.makeUpForRoles();
    queue = await DeployedQueue.open(account, `${STACK}-archive-day.fifo`);
    deadLetters = await DeployedQueue.open(account, `${STACK}-archive-day-dead-letters.fifo`);
  });

  it('stores the days of both foundations once the timer has started it', async () => {
    const since = new Date();
    await askTwoDaysAgo();
    step('the timer starts archive');
    await stack.elapse('archive', async () => (await looks(since)).length === 2);
    const queued = (await looks(since)).map(({ foundation, queued }) => [foundation, queued]);
    step(`queued: ${queued.map((each) => each.join(' ')).join(', ')}`);
    await drained();

    const done = await said('archive-day', 'day done', since);
    step(`stored: ${done.map(({ foundation, dt }) => `${foundation} ${dt}`).join(', ')}`);
    for (const [foundation, days] of queued) {
      expect(days).toBeGreaterThanOrEqual(RETENTION_DAYS - 2);
      expect(done.filter((each) => each.foundation === foundation)).toHaveLength(Number(days));
      expect(await stack.keys(`manifests/v1/foundation=${foundation}/`)).toHaveLength(Number(days));
    }
    expect(done.every(({ result }) => result === 'archived')).toBe(true);
    expect(await stack.keys('queries/v1/days/')).toEqual([
      `queries/v1/days/foundation=eu-1/dt=${daysAgo(2)}/part-0000.parquet`,
    ]);
    expect(await deadLetters.length()).toBe(0);
    expect((await stack.schedule('archive')).ScheduleExpression).toBe('cron(15 4/6 * * ? *)');
  });

  it('lets nobody do what nobody was allowed to', async () => {
    const [manifest = ''] = await stack.keys('manifests/');

    const stranger = await fetch(`${server.endpoint}/${BUCKET}/${manifest}`);

    expect(stranger.status).toBe(403);
    // Whatever IAM allows somebody: the key's policy names the role of digest alone, and the bucket's refuses to delete.
    const administrator = await stack.administrator();
    await expect(administrator.sign('anything')).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    await expect(administrator.remove(manifest)).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(await stack.keys('manifests/')).toContain(manifest);
  });

  it('locks what it has stored', async () => {
    const [manifest = ''] = await stack.keys('manifests/');

    const { Mode, RetainUntilDate } = Object(await stack.retention(manifest));

    expect(Mode).toBe('GOVERNANCE');
    expect(Number(RetainUntilDate)).toBeGreaterThan(Date.now() + 2550 * DAY_MS);
  });

  it('signs digests with the key that only digest may use', async () => {
    const since = new Date();
    step('the timer starts digest');
    await stack.elapse('digest', async () => (await said('digest', 'digest', since)).length === 2);

    const signed = await said('digest', 'digest', since);
    step(`signed: ${signed.map(({ foundation, result }) => `${foundation} ${result}`).join(', ')}`);
    expect(signed.map(({ result }) => result)).toEqual(['signed', 'signed']);
    expect(await stack.keys('digests/')).toHaveLength(4);
  });

  it('answers over HTTP what Cloud Controller answers to the same token', async () => {
    const query = `/v3/audit_events?created_ats[gte]=${daysAgo(4)}T00:00:00Z&created_ats[lte]=${daysAgo(2)}T23:59:59Z&per_page=5000`;
    for (const [user, password] of [
      ['sam.support@example.org', 'sam-password'],
      ['dana.whitfield@example.org', 'dana-password'],
    ] as const) {
      const token = await tokenOf('eu-1', user, password);
      const original = await fetch(`${foundation('eu-1').apiUrl}${query}`, {
        headers: { authorization: `bearer ${token}` },
      });
      const answer = await stack.get(`/foundations/eu-1${query}`, token);

      const [wanted, told] = [Object(await original.json()), Object(await answer.json())];
      step(`asked by ${user}: ${told.pagination?.total_results} events`);
      expect(byGuid(told.resources)).toEqual(byGuid(wanted.resources));
      expect(told.pagination.total_results).toBe(wanted.pagination.total_results);
      expect(told.pagination.total_results).toBeGreaterThan(0);
    }
    expect((await stack.get(`/foundations/eu-1${query}`)).status).toBe(401);
    expect(athena.calls.map(({ action }) => action)).toContain('StartQueryExecution');
  });

  it('gives a file by a link', async () => {
    const token = await tokenOf('eu-1', 'sam.support@example.org', 'sam-password');
    const day = daysAgo(2);

    const { url, rows } = Object(
      await (
        await stack.get(
          `/api/v1/events?foundation=eu-1&from=${day}T00:00:00Z&to=${daysAgo(1)}T00:00:00Z&format=csv`,
          token,
        )
      ).json(),
    );
    const file = await fetch(url);

    step(`a file of ${rows} events by a link`);
    expect(file.headers.get('content-disposition')).toMatch(/^attachment; filename=".*\.csv"$/);
    expect((await file.text()).trim().split('\r\n')).toHaveLength(rows + 1);
    expect(rows).toBe(foundation('eu-1').database.countByDay().get(day));
  });

  it('shows Trino table and views as an Athena user would see them', async () => {
    const day = daysAgo(2);
    const where = `WHERE foundation = 'eu-1' AND dt = '${day}'`;
    const counts = async (name: string) =>
      Number(
        (await running(trino).query(`SELECT count(*) FROM ${DATABASE}.${name} ${where}`))
          .rows[0]?.[0],
      );

    const stored = foundation('eu-1').database.countByDay().get(day);
    const views = new Map<string, number>();
    for (const { name } of VIEWS) views.set(name, await counts(name));

    step(`rows of ${day}: ${[...views].map(([name, rows]) => `${name} ${rows}`).join(', ')}`);
    expect(await counts('events')).toBe(stored);
    expect(views.get('audit_events')).toBe(stored);
    expect(views.size).toBeGreaterThan(10);
    expect(await counts(QUERY_LOG_NAME)).toBe(1);
  });

  it('verifies as a copy with nothing but the public key', async () => {
    await verified();
  });

  it('has complained of nothing so far', async () => {
    for (const name of FUNCTION_NAMES) {
      const lines = await stack.log(name, NOW);
      expect(lines).not.toHaveLength(0);
      expect(lines.filter(({ level }) => level === 'ERROR' || level === 'WARN')).toEqual([]);
    }
  });

  it('stores a day whose function was killed in the middle, once', async () => {
    const since = new Date();
    const event = lateEvent(3);
    // Ninety minutes, as it is deployed, would have to be waited for.
    await queue.setVisibilityTimeout(15);
    const goOn = foundation('eu-1').faults.add({
      on: /per_page=5000/,
      fault: { kind: 'no-answer' },
    });
    const asked = () => foundation('eu-1').requests.count(/per_page=5000/);
    const before = asked();
    await stack.invoke('archive', { foundation: 'eu-1' });
    await eventually(async () => asked() > before, MINUTE);

    expect(await killFunction(server.directory, `${STACK}-archive-day`)).toBe(1);
    step('archive-day is killed while it reads');
    goOn();
    await drained();
    await queue.setVisibilityTimeout(5400);

    step('the message was handed out again');
    expect(await said('archive-day', 'day done', since)).toMatchObject([
      { foundation: 'eu-1', dt: daysAgo(3) },
    ]);
    expect(await timesStored(event)).toBe(1);
    expect(await deadLetters.length()).toBe(0);
  });

  it('stores nothing twice when messages come twice, late and out of order', async () => {
    const event = lateEvent(2);
    const stored = async () => [
      ...(await stack.keys('events/')),
      ...(await stack.keys('manifests/')),
    ];
    const before = await stored();
    const since = new Date();
    const task = (days: number) =>
      JSON.stringify({ version: 1, foundation: 'eu-1', task: 'day', dt: daysAgo(days) });
    // Today is not closed; twenty days ago is not kept any more.
    for (const [index, days] of [2, 4, 2, 0, 3, 20, 2].entries()) {
      await queue.send(task(days), 'eu-1', `${event}-${index}`);
    }
    await drained();

    step(
      `seven messages for five days: ${(await stored()).length - before.length} new objects of days`,
    );
    expect(await said('archive-day', 'day left alone', since)).toHaveLength(2);
    expect(await said('archive-day', 'day done', since)).toMatchObject(
      [['archived'], ['unchanged'], ['unchanged'], ['unchanged'], ['unchanged']].map(
        ([result]) => ({ result }),
      ),
    );
    expect(await timesStored(event)).toBe(1);
    expect(await stored()).toHaveLength(before.length + 2);
    expect(await deadLetters.length()).toBe(0);
  });

  it('stores a day once when two timers start at once', async () => {
    const event = lateEvent(4);
    const both = await Promise.allSettled([stack.invoke('archive'), stack.invoke('archive')]);
    await drained();

    step(`two timers at once: ${both.map(({ status }) => status).join(', ')}`);
    expect(both.map(({ status }) => status)).toContain('fulfilled');
    expect(await timesStored(event)).toBe(1);
    expect(await deadLetters.length()).toBe(0);
  });

  it('sets a message aside that nobody can do, and rings for it', async () => {
    const since = new Date();
    await queue.send('{"version":1,"foundation":"eu-1","task":"drop"}', 'eu-1', 'poison');
    await queue.send(
      JSON.stringify({ version: 1, foundation: 'eu-1', task: 'day', dt: daysAgo(2) }),
      'eu-1',
      'behind-poison',
    );
    await drained();

    step(`poison: ${await deadLetters.length()} message among the dead letters`);
    expect((await deadLetters.receive()).map(({ Body }) => Body)).toEqual([
      '{"version":1,"foundation":"eu-1","task":"drop"}',
    ]);
    expect(await said('archive-day', 'message failed', since)).toMatchObject(
      Array.from({ length: 3 }, () => ({ error: { code: 'TASK_INVALID' } })),
    );
    expect(await said('archive-day', 'day done', since)).toHaveLength(1);
    expect(
      await stack.alarmAfter('dead-letters-archive-day', await deadLetters.length()),
    ).toMatchObject({
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: `${STACK}-archive-day-dead-letters.fifo` }],
      StateValue: 'ALARM',
    });
  });

  it('goes on when a secret was rotated between two runs', async () => {
    const event = lateEvent(2);
    const secret = 'rotated-in-between';
    foundation('eu-1').database.insertClients([{ ...ARCHIVER_CLIENT, secret }]);

    const between = await stack.invoke('archive');
    await secrets.send(
      new PutSecretValueCommand({ SecretId: 'cf-audit-archive/eu-1', SecretString: secret }),
    );
    const after = await stack.invoke('archive');
    await drained();

    step('secret rotated');
    expect(between).toMatchObject([
      { foundation: 'eu-1', error: 'CF_UNAUTHORIZED' },
      { foundation: 'us-1', error: null },
    ]);
    expect(after).toMatchObject([
      { foundation: 'eu-1', error: null, queued: 1 },
      { foundation: 'us-1', error: null },
    ]);
    expect(await timesStored(event)).toBe(1);
  });

  it('does one foundation while the other is down', async () => {
    const event = lateEvent(3);
    await foundation('us-1').listener.refuse();
    const answer = await stack.invoke('archive');
    await drained();
    await foundation('us-1').listener.accept();

    step('us-1 was down');
    expect(answer).toMatchObject([
      { foundation: 'eu-1', error: null, queued: 1 },
      { foundation: 'us-1', error: 'CF_UNREACHABLE' },
    ]);
    expect(await timesStored(event)).toBe(1);
    expect(await stack.invoke('archive')).toMatchObject([{ error: null }, { error: null }]);
    await drained();
  });

  it('verifies after all of that, too', async () => {
    await stack.invoke('digest');
    await verified();
  });

  it('says so when nothing is to be deployed', async () => {
    step('npm run package, again');
    await service.run('npm', 'run', 'package');
    await withoutMetricMath(service);

    step('osls deploy --package .serverless, again');
    const printed = await service.run('osls', 'deploy', '--package', '.serverless');

    expect(printed).toContain('No changes to deploy');
  });

  it('leaves bucket and keys when it is removed', async () => {
    const keys = await stack.keys();
    step('osls remove');
    const printed = await service.run('osls', 'remove');

    expect(printed).toContain('has been successfully removed');
    expect(await stack.keys()).toEqual(keys);
    step(`removed; ${keys.length} objects are still there`);
    await verified();
  });

  const foundation = (name: string): SampleFoundation => {
    const found = foundations.get(name);
    if (found === undefined) throw new Error(`no foundation ${name}`);
    return found;
  };

  const said = async (name: FunctionName, message: string, since: Date): Promise<LogLine[]> =>
    (await stack.log(name, since)).filter((line) => line.message === message);

  const looks = (since: Date): Promise<LogLine[]> => said('archive', 'looked at', since);

  /** A question as the archive would have it on record from a day that is over. */
  async function askTwoDaysAgo(): Promise<void> {
    const at = new Date(`${daysAgo(2)}T09:00:00.123Z`);
    const log = createQueryLog({
      store: await stack.store(),
      seesAll: () => true,
      now: () => at,
      tool: 'test',
    });
    await log({
      at,
      caller: LOCAL_CALLER,
      address: undefined,
      foundations: [foundationNameSchema.parse('eu-1')],
      path: '/v3/audit_events',
      parameters: [],
      purpose: undefined,
      rows: 3,
      scannedBytes: 4096,
      coverage: undefined,
      status: 200,
      outcome: 'answered',
    });
  }

  /** Until nobody has anything to do. */
  const drained = (): Promise<void> =>
    eventually(async () => (await queue.length()) === 0, 2 * MINUTE);

  /** An event that becomes visible long after its day was stored. @returns its GUID */
  function lateEvent(days: number): string {
    const event = anEventRecord({ created_at: Date.parse(`${daysAgo(days)}T10:00:00Z`) * 1000 });
    foundation('eu-1').database.insertEvents([event]);
    return event.guid;
  }

  async function timesStored(guid: string): Promise<number> {
    const { rows } = await running(trino).query(
      `SELECT count(*) FROM ${DATABASE}.events WHERE guid = '${guid}' AND foundation = 'eu-1' AND dt >= '${daysAgo(RETENTION_DAYS)}'`,
    );
    return Number(rows[0]?.[0]);
  }

  async function tokenOf(name: string, username: string, password: string): Promise<string> {
    const answer = await fetch(`${foundation(name).uaaUrl}/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('cf:')}` },
      body: new URLSearchParams({ grant_type: 'password', username, password }),
    });
    return Object(await answer.json()).access_token;
  }

  async function verified(): Promise<void> {
    const { archive, publicKey } = await stack.copyOut(directory);
    const printed = await service.run(
      ...(['npm', 'run', '--silent', 'cli', '--', 'verify'] as const),
      ...['--archive', `file:${archive}`, '--public-key', publicKey],
    );
    step(`verify: ${printed.trim().split('\n').at(-1)}`);
    expect(printed).toMatch(/^clean[:,]/m);
    expect(await readdir(join(archive, 'manifests/v1'))).toEqual([
      'foundation=eu-1',
      'foundation=us-1',
    ]);
  }
});

/** Without links, for the archive's address is another; within a second the two have an order of their own each. */
const byGuid = (events: readonly { guid: string; links: object }[]): object[] =>
  events
    .map(({ links: _, ...event }) => event)
    .sort((one, other) => (one.guid < other.guid ? -1 : 1));
