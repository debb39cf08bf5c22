import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseConfiguration, readConfiguration } from '../../lib/config/read-configuration.ts';

const EXAMPLE = join(import.meta.dirname, '../../infra/example.yml');

const MINIMAL = `archive: s3://audit-archive
foundations:
  - { name: eu-1, api: "https://api.eu-1.example.org", client_id: c, client_secret: { env: S } }
`;

const parse = (text: string) => parseConfiguration(text, 'c.yml', '/etc/archive');

describe('the section deployment', () => {
  it('may be left out', () => {
    expect(parse(MINIMAL).deployment).toBeUndefined();
  });

  it('has defaults for all but region and first day', () => {
    const { deployment } = parse(
      `${MINIMAL}deployment: { region: eu-central-1, first_day: 2026-01-01 }\n`,
    );

    expect(deployment).toStrictEqual({
      stage: 'prod',
      stackName: 'cf-audit-archive-prod',
      region: 'eu-central-1',
      lock: { mode: 'governance', years: 7 },
      archiveSchedule: 'cron(15 4/6 * * ? *)',
      digestSchedule: 'cron(45 5 * * ? *)',
      timeZone: 'UTC',
      alarmEmail: undefined,
      firstDay: '2026-01-01',
      archiveDayConcurrency: 2,
      architecture: 'arm64',
    });
  });

  it('is the same when the example writes the defaults down', async () => {
    const { deployment } = await readConfiguration(EXAMPLE);

    expect(deployment).toStrictEqual({
      ...parse(`${MINIMAL}deployment: { region: eu-central-1, first_day: 2026-01-01 }\n`)
        .deployment,
      alarmEmail: 'ops@example.org',
    });
  });

  it.each([
    ['{ stage: Prod }', 'stage: must be 1 to 16 of a-z, 0-9 and -'],
    ['{ stage: abcdefghijklmnopq }', 'stage: must be 1 to 16 of a-z, 0-9 and -'],
    ['{ region: frankfurt }', 'region: must be a region of AWS'],
    ['{ region: eu-central-1a }', 'region: must be a region of AWS'],
    ['{ lock: { years: 0 } }', 'lock.years: must be a whole number from 1 to 100'],
    ['{ lock: { years: 101 } }', 'lock.years: must be a whole number from 1 to 100'],
    ['{ lock: { mode: forever } }', 'lock.mode: must be governance'],
    ['{ lock: { days: 30 } }', 'lock.days: unknown key; known here: mode, years'],
    ['{ archive_schedule: "15 4 * * *" }', 'archive_schedule: "15 4 * * *" is no schedule'],
    ['{ time_zone: europe/berlin }', 'time_zone: must be a time zone'],
    ['{ time_zone: Europe/Nowhere }', 'time_zone: must be a time zone'],
    ['{ time_zone: "+01:00" }', 'time_zone: must be a time zone'],
    ['{ alarm_email: ops }', 'alarm_email: must be an address of e-mail'],
    ['{ first_day: 2026-02-30 }', 'first_day: must be the first day of the archive'],
    ['{ archive_day_concurrency: 1 }', 'archive_day_concurrency: must be a whole number from 2'],
    ['{ architecture: arm }', 'architecture: must be arm64 or x86_64'],
    ['{ zone: UTC }', 'zone: unknown key'],
    ['{}', 'first_day: is missing; write the first day of the archive, YYYY-MM-DD'],
  ])('refuses %s', (section, message) => {
    expect(() => parse(`${MINIMAL}deployment: ${section}\n`)).toThrow(
      `c.yml:4: deployment.${message}`,
    );
  });
});
