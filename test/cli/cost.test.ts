import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { costLine } from '../../lib/cli/cost-line.ts';
import type { ObjectStore } from '../../lib/domain/object-store.ts';
import {
  ARCHIVER_CLIENT,
  startSampleFoundation,
} from '../../lib/sample-foundation/sample-foundation.ts';
import { FolderObjectStore } from '../../lib/store/folder-object-store.ts';
import { askCli, makeCliDirectory, writeCliConfiguration } from '../support/cli-archive.ts';
import { anEventRecord, micros, theRecords } from '../support/sample-foundation/records.ts';

const NOW = '2026-03-12T06:00:00Z';
const COST = 'scanned 1.2 GB, 0.006 USD\n';

const athena = mockClient(AthenaClient);
const s3 = mockClient(S3Client);
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
  await writeCliConfiguration(directory, sample.apiUrl);
  await askCli(directory, NOW, ['archive']);
  await sample.close();
  await writeCliConfiguration(directory, sample.apiUrl, {
    archive: 's3://bucket',
    more: ['engine: { athena: { workgroup: w, database: d, table: t } }'],
  });
  serve(new FolderObjectStore(join(directory, 'archive')));
  athena.on(StartQueryExecutionCommand).resolves({ QueryExecutionId: 'q' });
  athena.on(GetQueryExecutionCommand).resolves({
    QueryExecution: { Status: { State: 'SUCCEEDED' }, Statistics: { DataScannedInBytes: 1.2e9 } },
  });
  athena.on(GetQueryResultsCommand).resolves({ ResultSet: { Rows: [{ Data: [] }] } });
});
afterAll(async () => {
  athena.restore();
  s3.restore();
  await rm(directory, { recursive: true, force: true });
});

/** The bucket holds what a folder holds. */
function serve(store: ObjectStore): void {
  s3.on(ListObjectsV2Command).callsFake(async ({ Prefix }) => ({
    Contents: (await Array.fromAsync(store.list(Prefix))).map(({ key, bytes, modifiedAt }) => ({
      Key: key,
      Size: bytes,
      LastModified: modifiedAt,
    })),
  }));
  s3.on(GetObjectCommand).callsFake(async ({ Key }) => ({
    Body: { transformToByteArray: () => store.get(Key) },
  }));
}

const ask = (...args: string[]) => askCli(directory, NOW, [...args, '--from', '2026-03-10']);

describe('what an answer of Athena cost', () => {
  it.each([
    [['events']],
    [['events', '--output', 'csv']],
    [['events', '--file', 'events.json']],
    [['report', 'all-events']],
    [['report', 'all-events', '--output', 'ndjson']],
    [['report', 'all-events', '--file', 'report.json']],
  ])('stands on the standard error of %j', async (args) => {
    const { exitCode, stdout, stderr } = await ask(
      ...args.map((arg) => (arg.endsWith('.json') ? join(directory, arg) : arg)),
    );

    expect(exitCode).toBe(0);
    expect(stderr.endsWith(COST)).toBe(true);
    expect(stdout).not.toContain('USD');
  });

  it.each([[['events']], [['report', 'all-events']]])('is in the JSON of %j', async (args) => {
    const { stdout, stderr } = await ask(...args, '--json');

    expect(JSON.parse(stdout)).toMatchObject({
      scanned_bytes: 1.2e9,
      cost_usd: expect.closeTo(0.006, 9),
    });
    expect(stderr).toBe('');
  });
});

describe('costLine', () => {
  it.each([
    [0, 0, undefined],
    [5e9, 0, undefined],
    [4_096, 0.00005, 'scanned 4.1 kB, 0.00005 USD'],
    [1.234e9, 0.00617, 'scanned 1.2 GB, 0.0062 USD'],
    [246e9, 1.2345, 'scanned 246 GB, 1.23 USD'],
  ])('of %d bytes for %d dollars', (bytes, dollars, line) => {
    expect(costLine(bytes, dollars)).toBe(line);
  });
});
