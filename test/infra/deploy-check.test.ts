import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../..');

/** The command as an operator types it. */
const deployCheck = (...flags: string[]) =>
  new Promise<{ exitCode: unknown; out: string; err: string }>((resolve) => {
    execFile(
      'npm',
      ['run', '--silent', 'deploy:check', '--', ...flags],
      { cwd: ROOT, env: { ...process.env, npm_config_loglevel: 'silent' } },
      (failure, out, err) => resolve({ exitCode: failure?.code ?? 0, out, err }),
    );
  });

/** Each file has one problem; the message is all that is printed. */
const BROKEN: Readonly<Record<string, string>> = {
  'no-deployment':
    '1: deployment: is missing; write deployment: { region: REGION, first_day: YYYY-MM-DD }, as in infra/example.yml',
  'archive-in-a-folder': '1: archive: functions have no folder that stays; write s3://BUCKET',
  'bucket-name-of-aws':
    '1: archive: S3 takes no bucket called sthree-audit-archive: no address, no two dots in a row, and none of its own beginnings and endings (xn--, sthree-, amzn-s3-demo-, -s3alias, --ol-s3, .mrap, --x-s3, --table-s3); write another name',
  'secret-in-the-environment':
    "6: foundations[0].client_secret: functions have neither this machine's environment nor its files; store it with aws secretsmanager create-secret --name cf-audit-archive/eu-1, and write { secretsmanager: ARN }",
  'cron-of-five-fields':
    '13: deployment.archive_schedule: cron(15 4 * * *) has 5 of 6 fields (minutes, hours, day of month, month, day of week, year); write cron(15 4 * * ? *) or rate(6 hours)',
  'unknown-time-zone':
    '13: deployment.time_zone: must be a time zone, such as UTC or Europe/Berlin',
  'rarer-than-retention':
    '14: deployment.archive_schedule: is up to 7 days without a run, and a day of foundations[0] can be read for 4 days between its closing and the clean-up (retention_days 5): events would be lost; write a schedule that runs more often, such as cron(15 4/6 * * ? *)',
  'open-to-everybody':
    '1: http.identity: none shows everything to everybody, and the API is on the internet; write http: { identity: uaa }',
  'signing-key-in-a-file':
    '8: signing: functions have no file of a key; leave signing out: the stack makes a key in KMS',
  'engine-of-a-laptop':
    '8: engine: the function that answers carries no DuckDB; leave engine out: the stack makes a workgroup of Athena',
};

describe('npm run deploy:check', () => {
  it('is green on the example, and says what will be deployed', async () => {
    const { exitCode, out, err } = await deployCheck('--config', 'infra/example.yml');

    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toBe(`infra/example.yml can be deployed:
  stack        cf-audit-archive-prod in eu-central-1, arm64
  bucket       example-audit-archive, each object locked for 7 years (governance)
  foundations  eu-1, us-1
  archive      every day at 04:15, 10:15, 16:15, 22:15 (UTC)
  digest       every day at 05:45 (UTC)
  alarms       ops@example.org
  messages     about 64 messages from the first run, then 360 messages a month
`);
  });

  it('knows every broken configuration', () => {
    const files = readdirSync(join(import.meta.dirname, 'broken'));

    expect(files.sort()).toEqual(
      Object.keys(BROKEN)
        .map((name) => `${name}.yml`)
        .sort(),
    );
  });

  it.each(Object.entries(BROKEN))('refuses %s', async (name, message) => {
    const file = `test/infra/broken/${name}.yml`;

    expect(await deployCheck('--config', file)).toEqual({
      exitCode: 2,
      out: '',
      err: `${file}:${message}\n`,
    });
  });

  it('prints what its schema refuses and what cannot be deployed at once, in the order of the file', async () => {
    const { exitCode, err } = await deployCheck('--config', 'cf-audit-archive.example.yml');

    expect(exitCode).toBe(2);
    expect(err.match(/^\S+?:\d+: \S+:/gm)).toEqual([
      'cf-audit-archive.example.yml:6: deployment:',
      'cf-audit-archive.example.yml:6: archive:',
      'cf-audit-archive.example.yml:20: foundations[0].client_secret:',
      'cf-audit-archive.example.yml:31: signing:',
      'cf-audit-archive.example.yml:35: engine:',
      'cf-audit-archive.example.yml:41: http.identity:',
      'cf-audit-archive.example.yml:46: http.export_timeout:',
    ]);
  });

  it('says what it takes', async () => {
    expect(await deployCheck('--confg', 'x.yml')).toEqual({
      exitCode: 2,
      out: '',
      err: 'usage: npm run deploy:check -- [--config FILE]\n',
    });
  });
});
