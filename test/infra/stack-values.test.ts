import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { alarmResources } from '../../infra/alarms.ts';
import { readDeployable } from '../../infra/deployable-configuration.ts';
import { EXAMPLE_FILE } from '../../infra/stack-file.ts';
import { stackValues } from '../../infra/stack-values.ts';
import { foundationNameSchema } from '../../lib/domain/foundation.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const CURSOR_KEY = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:cursors-0Aa1Bb';

let directory: string;
let example: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'stack-values-'));
  example = await readFile(join(import.meta.dirname, '../..', EXAMPLE_FILE), 'utf8');
});
afterAll(() => rm(directory, { recursive: true }));

/** The example, with texts replaced. */
async function values(...replacements: readonly [string, string][]) {
  const file = join(directory, 'cf-audit-archive.yml');
  await writeFile(
    file,
    replacements.reduce((text, [from, to]) => {
      expect(text).toContain(from);
      return text.replaceAll(from, () => to);
    }, example),
  );
  return stackValues(await readDeployable(file, NOW));
}

describe('stackValues', () => {
  it('takes everything that an operator decides', async () => {
    expect(
      await values(
        ['mode: governance, years: 7', 'mode: compliance, years: 10'],
        ['stage: prod', 'stage: t-1'],
        ['time_zone: UTC', 'time_zone: Europe/Berlin'],
        ['archive_day_concurrency: 2', 'archive_day_concurrency: 5'],
        ['architecture: arm64', 'architecture: x86_64'],
        ['alarm_email:', '# alarm_email:'],
        ['foundations:\n', 'max_scan: 2TB\nfoundations:\n'],
      ),
    ).toMatchObject({
      stage: 't-1',
      region: 'eu-central-1',
      bucket: 'example-audit-archive',
      lock: { mode: 'COMPLIANCE', years: 10 },
      timeZone: 'Europe/Berlin',
      queryTimeout: 29,
      archiveDayConcurrency: 5,
      architecture: 'x86_64',
      workgroup: 'cf-audit-archive-t-1',
      bytesScannedCutoff: 2e12,
      alarmSubscriptions: [],
      catalogue: {
        Database: { Properties: { DatabaseInput: { Name: 'cf_audit_archive_t_1' } } },
      },
    });
  });

  it('never lets Athena read less than the least cutoff that it takes', async () => {
    const { bytesScannedCutoff } = await values([
      'foundations:\n',
      'max_scan: 1MB\nfoundations:\n',
    ]);

    expect(bytesScannedCutoff).toBe(10_485_760);
  });

  it('gives nothing that an operator wrote to osls or CloudFormation as a variable', async () => {
    const text = (
      await values(['client_id: audit-archive', 'client_id: "$' + '{env:HOME}$' + '{AWS::Region}"'])
    ).configuration['Fn::Sub'];

    expect(text.match(/\$\{[^}]*\}/g)).toEqual([
      '$' + '{SigningKey.Arn}',
      '$' + '{CursorKey.Id}',
      '$' + '{ResultsBucket}',
    ]);
    expect(JSON.parse(text).foundations[0].client_id).toBe('$' + '{env:HOME}$' + '{AWS::Region}');
  });

  it('leaves the section deployment and all defaults out of the functions', async () => {
    const configuration = JSON.parse((await values()).configuration['Fn::Sub']);

    expect(Object.keys(configuration)).toEqual([
      'archive',
      'foundations',
      'signing',
      'engine',
      'http',
    ]);
    expect(configuration.foundations[0]).not.toHaveProperty('retention_days');
  });

  it('lets query read the cursor key that an operator names, in place of its own', async () => {
    const { configuration, querySecrets, foundationSecrets } = await values([
      'identity: uaa',
      `identity: uaa\n  cursor_key: { secretsmanager: "${CURSOR_KEY}" }`,
    ]);

    expect(JSON.parse(configuration['Fn::Sub']).http.cursor_key).toEqual({
      secretsmanager: CURSOR_KEY,
    });
    expect(querySecrets).toEqual([...foundationSecrets, CURSOR_KEY]);
  });
});

describe('the alarms of a stack', () => {
  const newest = async (...replacements: readonly [string, string][]) => {
    const { alarms } = await values(...replacements);
    return alarms.AlarmNewestDayTooOldEuDash1?.Properties.Threshold;
  };

  it('know how often its archive runs', async () => {
    expect(await newest()).toBe(2);
    expect(await newest(['cron(15 4/6 * * ? *)', 'cron(15 4 * * ? *)'])).toBe(3);
  });
});

describe('alarmResources', () => {
  const SIX_HOURLY = { longestGapMs: 6 * 3_600_000, runsAMonth: 120 };
  const DAILY = { longestGapMs: 24 * 3_600_000, runsAMonth: 30 };
  const foundation = (name: string, settleHours = 4) => ({
    name: foundationNameSchema.parse(name),
    settleMs: settleHours * 3_600_000,
  });

  it('keeps foundations apart whose names differ by a hyphen', () => {
    const alarms = Object.entries(
      alarmResources(
        's',
        ['eu-1', 'eu1', 'e-u-1', 'eu--1', 'eu-dash1'].map((name) => foundation(name)),
        's',
        SIX_HOURLY,
      ),
    );
    const names = alarms.map(([, { Properties }]) => Properties.AlarmName);

    expect(alarms.filter(([id]) => id.startsWith('AlarmLoss'))).toHaveLength(5);
    expect(alarms.every(([id]) => /^[A-Za-z0-9]+$/.test(id))).toBe(true);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each([
    [4, SIX_HOURLY, 2],
    [18, SIX_HOURLY, 2],
    [19, SIX_HOURLY, 3],
    [24, SIX_HOURLY, 3],
    [50, SIX_HOURLY, 4],
    [0, DAILY, 2],
    [4, DAILY, 3],
    [23, DAILY, 3],
    [24, DAILY, 3],
  ])(
    'waits for the newest day as long as its foundation settles (%d hours) and the next run is away',
    (settleHours, schedule, days) => {
      expect(
        alarmResources('s', [foundation('a', settleHours)], 's', schedule).AlarmNewestDayTooOldA
          ?.Properties.Threshold,
      ).toBe(days);
    },
  );

  it.each([
    ['every six hours', SIX_HOURLY, 1],
    ['every eight hours', { longestGapMs: 8 * 3_600_000, runsAMonth: 90 }, 0],
    ['once a day', DAILY, 0],
  ])(
    'rings for the failed runs of a foundation where they come %s',
    (_often, schedule, threshold) => {
      expect(
        alarmResources('s', [foundation('a')], 's', schedule).AlarmFoundationNotReadableA
          ?.Properties,
      ).toMatchObject({ MetricName: 'RunsFailed', Threshold: threshold, Period: 86_400 });
    },
  );
});
