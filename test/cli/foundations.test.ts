import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ARCHIVER_CLIENT,
  startSampleFoundation,
} from '../../lib/sample-foundation/sample-foundation.ts';
import { askCli, makeCliDirectory, writeCliConfiguration } from '../support/cli-archive.ts';
import { anEventRecord, micros, theRecords } from '../support/sample-foundation/records.ts';

const NOW = '2026-03-12T06:00:00Z';

let directory: string;
beforeAll(async () => {
  directory = await makeCliDirectory();
  const sample = await startSampleFoundation({
    now: new Date(NOW),
    records: theRecords({
      clients: [ARCHIVER_CLIENT],
      events: [anEventRecord({ created_at: micros('2026-03-10T08:00:00Z') })],
    }),
  });
  await writeCliConfiguration(directory, sample.apiUrl, {
    foundations: ['ap-1', 'eu-1', 'us-1'],
    retentionDays: 2,
    more: ['signing: { ed25519: { file: ./key.pem } }'],
  });
  await askCli(directory, NOW, ['archive']);
  await sample.close();
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const ask = (...args: string[]) => askCli(directory, NOW, args);

/** Names in the order in which they first stand in a document, wherever they do. */
const foundationsIn = (json: string): string[] => [
  ...new Set(json.match(/\b(ap|eu|us)-1\b/g) ?? []),
];

describe('--foundation, twice', () => {
  const TWO = ['--foundation', 'us-1', '--foundation', 'ap-1'];

  it.each([
    [['events', '--json']],
    [['report', 'all-events', '--json']],
    [['status', '--json']],
    [['archive', '--json']],
    [['digest', '--json']],
  ])('%j is about both', async (args) => {
    const { stdout } = await ask(...args, ...TWO);

    expect(foundationsIn(stdout)).toEqual(['ap-1', 'us-1']);
  });

  it('finds the events of both', async () => {
    const { stdout } = await ask('events', '--json', ...TWO);

    expect(JSON.parse(stdout).events).toHaveLength(2);
  });

  it.each([['queries'], ['verify']])('is refused by %s, which takes one', async (command) => {
    const { exitCode, stderr } = await ask(command, ...TWO);

    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^--foundation stands more than once: /);
  });

  it('names the one that the configuration has not', async () => {
    const { exitCode, stderr } = await ask('events', ...TWO, '--foundation', 'mars-1');

    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^--foundation mars-1: .* it has ap-1, eu-1, us-1\n$/);
  });
});
