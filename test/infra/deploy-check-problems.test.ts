import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readDeployable } from '../../infra/deployable-configuration.ts';

const NOW = new Date('2026-11-21T10:00:00Z');

const ARN = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:cf-audit-archive/eu-1-a1B2c3';

const GOOD = `archive: s3://example-audit-archive
foundations:
  - name: eu-1
    api: https://api.eu-1.example.org
    client_id: audit-archive
    client_secret: { secretsmanager: "${ARN}" }
http: { identity: uaa }
deployment:
  region: eu-central-1
  first_day: 2026-01-01
`;

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'deploy-check-'));
});
afterAll(async () => {
  await rm(directory, { recursive: true });
});

/** Errors and warnings, without the file's name. */
async function check(text: string): Promise<{ errors: string[]; warnings: string[] }> {
  const file = join(directory, 'c.yml');
  await writeFile(file, text);
  const lines = (found: string): string[] =>
    found === '' ? [] : found.replaceAll(`${file}:`, '').split('\n');
  return readDeployable(file, NOW).then(
    ({ warnings }) => ({ errors: [], warnings: lines(warnings) }),
    (error: Error) => ({ errors: lines(error.message), warnings: [] }),
  );
}

const replaced = (right: string, wrong: string): string => {
  expect(GOOD).toContain(right);
  return GOOD.replace(right, () => wrong);
};

describe('a configuration that is to be deployed', () => {
  it('may be without any problem', async () => {
    expect(await check(GOOD)).toEqual({ errors: [], warnings: [] });
  });

  it('may have the longest timeouts that its function keeps', async () => {
    const written = replaced('http: {', 'http: { timeout: 25s, export_timeout: 25s,');

    expect(await check(written)).toEqual({ errors: [], warnings: [] });
  });

  it('may be signed once a day where the clock changes: a day of 25 hours is a day', async () => {
    const berlin =
      '2026-01-01\n  time_zone: Europe/Berlin\n  digest_schedule: cron(45 5 ? * 1-7 *)';

    expect(await check(replaced('2026-01-01', berlin))).toEqual({ errors: [], warnings: [] });
  });

  it('may be stored once a day where the clock changes', async () => {
    const berlin = '2026-01-01\n  time_zone: Europe/Berlin\n  archive_schedule: cron(15 6 * * ? *)';

    expect(await check(replaced('2026-01-01', berlin))).toEqual({ errors: [], warnings: [] });
  });

  it('may be signed by a timer of exactly a day', async () => {
    const daily = '2026-01-01\n  digest_schedule: rate(1 day)';

    expect(await check(replaced('2026-01-01', daily))).toEqual({ errors: [], warnings: [] });
  });

  it.each([
    ['s3://example', 's3://192.168.10.1\n#', '1: archive: S3 takes no bucket called 192.168.10.1'],
    ['-archive\n', '-s3alias\n', '1: archive: S3 takes no bucket called example-audit-s3alias'],
    ['s3://example', 's3://EXAMPLE', '1: archive: "EXAMPLE-audit-archive" is not the name of'],
    ['-a1B2c3', '', '6: foundations[0].client_secret: is not the whole ARN'],
    [
      'http: {',
      'http: { cursor_key: { file: ./key },',
      "7: http.cursor_key: functions have neither this machine's environment nor its files",
    ],
    [
      'http: {',
      'http: { timeout: 26s,',
      '7: http.timeout: AWS ends the function that answers after 29 seconds, and ending a question in order takes 4 of them; write 25s or less, or leave it out',
    ],
    ['http: {', 'http: { export_timeout: 15m,', '7: http.export_timeout: AWS ends the function'],
    ['http: {', 'http: { exports: "s3://other-bucket",', '7: http.exports: the function that'],
    [
      'http: {',
      'signing: { kms: "arn:aws:kms:eu-central-1:123456789012:key/1" }\nhttp: {',
      "7: signing: the function that signs may use one key, the stack's own alias/cf-audit-archive-prod",
    ],
    [
      'http: {',
      'engine: { athena: { workgroup: w, database: d, table: t } }\nhttp: {',
      "7: engine.athena: the function that answers may use the stack's own table only; leave engine out, or write { workgroup: cf-audit-archive-prod, database: cf_audit_archive_prod, table: events }",
    ],
    ['2026-01-01', '2026-11-22', '10: deployment.first_day: 2026-11-22 is in the future'],
    ['2026-01-01', '2026-13-01', '10: deployment.first_day: must be the first day'],
    ['eu-central-1\n', 'europe\n', '9: deployment.region: must be a region of AWS'],
    [
      '2026-01-01',
      '2026-01-01\n  lock: { years: 0 }',
      '11: deployment.lock.years: must be a whole number from 1 to 100',
    ],
    [
      '2026-01-01',
      '2026-01-01\n  archive_schedule: cron(15 4 1 * MON *)',
      '11: deployment.archive_schedule: cron(15 4 1 * MON *) must have ? in one of',
    ],
    [
      '2026-01-01',
      '2026-01-01\n  archive_schedule: cron(15 4 ? * MON *)',
      '11: deployment.archive_schedule: is up to 7 days without a run, and the last check of a day before it leaves retention, and the alarms, want a run every day; write a schedule that runs every day, such as cron(15 4/6 * * ? *)',
    ],
    ...['rate(25 hours)', 'rate(26 hours)'].map((rate) => [
      '2026-01-01',
      `2026-01-01\n  archive_schedule: ${rate}`,
      `11: deployment.archive_schedule: is up to ${rate.slice(5, -1)} without a run, and the last check of a day`,
    ]),
    [
      '2026-01-01',
      '2026-01-01\n  time_zone: Europe/Berlin\n  archive_schedule: cron(30 2 * * ? *)',
      '12: deployment.archive_schedule: is up to 47 hours without a run, and the last check of a day',
    ],
    [
      '2026-01-01',
      '2026-01-01\n  archive_schedule: cron(15 4 * 1-11 ? *)',
      '11: deployment.archive_schedule: is up to 32 days without a run, and a day of foundations[0] can be read for 30 days',
    ],
    [
      '2026-01-01',
      '2026-01-01\n  archive_schedule: cron(15 4 * * ? 2026)',
      '11: deployment.archive_schedule: ends one day, and nothing runs from then on, and a day of',
    ],
    [
      '2026-01-01',
      '2026-01-01\n  digest_schedule: rate(2 days)',
      '11: deployment.digest_schedule: is up to 2 days without a run',
    ],
    ...['rate(25 hours)', 'rate(26 hours)'].map((rate) => [
      '2026-01-01',
      `2026-01-01\n  digest_schedule: ${rate}`,
      `11: deployment.digest_schedule: is up to ${rate.slice(5, -1)} without a run, and skips a UTC day again and again, but a day without a digest is evidence of tampering for ever; write rate(24 hours) or less, or cron(45 5 * * ? *)`,
    ]),
    [
      '2026-01-01',
      '2026-01-01\n  time_zone: Europe/Berlin\n  digest_schedule: cron(45 1 * * ? *)',
      '12: deployment.digest_schedule: has no run on 2027-10-31 (a day in UTC), and a day without a digest is evidence of tampering for ever; write a time that is on every UTC day also when the clock changes, such as cron(45 5 * * ? *)',
    ],
    [
      '2026-01-01',
      '2026-01-01\n  time_zone: Europe/Berlin\n  digest_schedule: cron(30 2 * * ? *)',
      '12: deployment.digest_schedule: has no run on 2027-03-28 (a day in UTC)',
    ],
    [
      '2026-01-01',
      '2026-01-01\n  digest_schedule: cron(45 5 * * ? 2026)',
      '11: deployment.digest_schedule: has no run on 2027-01-01 (a day in UTC)',
    ],
    [
      '2026-01-01',
      '2026-01-01\n  digest_schedule: cron(45 5 ? * MON-FRI *)',
      '11: deployment.digest_schedule: has no run on 2026-11-21 (a day in UTC)',
    ],
    [
      'api:',
      'retention_days: 1\n    api:',
      '4: foundations[0].retention_days: 1 leaves no time to read a day: it closes 4 hours after',
    ],
  ] as [string, string, string][])('is refused where %j is %j', async (right, wrong, message) => {
    const { errors } = await check(replaced(right, wrong));

    expect(errors).toEqual([expect.stringContaining(message)]);
    expect(errors[0]?.startsWith(message)).toBe(true);
  });

  it.each([
    [
      'eu-central-1:123',
      'eu-west-1:123',
      '6: foundations[0].client_secret: is in eu-west-1, the stack in eu-central-1: it works, but',
    ],
    [
      'example-audit',
      'example.audit',
      "1: archive: a dot in a bucket's name breaks the TLS certificate",
    ],
    [
      '2026-01-01',
      '2026-10-22',
      '10: deployment.first_day: 2026-10-22 is later than the first day that is stored: foundations keep events for up to 31 days, and the table would show nothing of the days before, without an error; write 2026-10-21 or earlier',
    ],
    ['http: {', 'http: { query_log: off,', '7: http.query_log: off: nobody will be able to say'],
    [
      '2026-01-01',
      '2026-01-01\n  lock: { mode: compliance, years: 10 }',
      "11: deployment.lock.mode: compliance: nobody, neither the account's owner nor AWS, will be able to delete any object or shorten its lock for 10 years",
    ],
    [
      '2026-01-01',
      '2026-01-01\n  archive_schedule: cron(0 3 * * ? *)',
      '11: deployment.archive_schedule: runs before foundations[0] has settled: a day closes at 04:00 UTC, and waits up to 23 hours for the next run; write a time soon after that, such as cron(15 4/6 * * ? *) in UTC',
    ],
    [
      '2026-01-01',
      '2026-01-01\n  time_zone: Asia/Tokyo\n  archive_schedule: cron(15 4 * * ? *)',
      '12: deployment.archive_schedule: runs before foundations[0] has settled: a day closes at 04:00 UTC, and waits up to 16 hours',
    ],
  ])('is taken with a warning where %j is %j', async (right, wrong, message) => {
    const { errors, warnings } = await check(replaced(right, wrong));

    expect(errors).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining(message)]);
  });

  it('may have a misspelt region, when all secrets are in one other', async () => {
    const key = ARN.replace('eu-1-', 'cursor-key-');
    const of = (keyArn: string): string =>
      replaced('uaa }', `uaa, cursor_key: { secretsmanager: "${keyArn}" } }`).replace(
        'region: eu-central-1',
        'region: eu-centrl-1',
      );
    const warnings = async (keyArn: string) =>
      (await check(of(keyArn))).warnings.map((line) => line.split(';').at(-1));
    const replicate = ' replicate the secret to eu-centrl-1 and write the ARN from there';

    expect(await warnings(key)).toEqual(
      Array(2).fill(`${replicate}, or correct deployment.region`),
    );
    expect(await warnings(key.replace('eu-central-1', 'eu-west-1'))).toEqual(
      Array(2).fill(replicate),
    );
  });

  it('has a first day before everything that the most patient foundation still has', async () => {
    const of = (day: string): string =>
      replaced('api:', 'retention_days: 90\n    api:').replace('2026-01-01', day);

    expect((await check(of('2026-08-23'))).warnings).toEqual([]);
    expect((await check(of('2026-08-24'))).warnings).toEqual([
      expect.stringMatching(
        /^warning: 11: deployment\.first_day: .* up to 90 days.*write 2026-08-23 or/,
      ),
    ]);
  });

  it('must be small enough for the environment of a function', async () => {
    const foundations = Array.from(
      { length: 16 },
      (_, index) =>
        `  - { name: f-${index}, api: "https://api.f-${index}.example.org", client_id: audit-archive, client_secret: { secretsmanager: "${ARN}" } }\n`,
    );
    const large = (count: number): string =>
      replaced('http: {', `${foundations.slice(0, count).join('')}http: {`);

    expect((await check(large(11))).errors).toEqual([]);
    expect((await check(large(16))).errors).toEqual([
      expect.stringMatching(/^1: is \d{4} bytes as JSON, and a function takes 3196: /),
    ]);
  });

  it('names a foundation that is there twice, and everything else at once', async () => {
    const foundation = GOOD.slice(GOOD.indexOf('  - name'), GOOD.indexOf('http:'));
    const { errors } = await check(
      replaced('http: { identity: uaa }', `${foundation}http: { identity: none }\ncolour: red`)
        .replace('s3://', 'file:')
        .replace('2026-01-01', '2999-01-01'),
    );

    expect(errors.map((line) => line.split(': ').slice(0, 2).join(': '))).toEqual([
      '1: archive',
      '7: foundations[1].name',
      '11: http.identity',
      '12: colour',
      '15: deployment.first_day',
    ]);
  });
});
