import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signDigest } from '../../lib/digest/sign-digest.ts';
import { S3ObjectStore } from '../../lib/store/s3-object-store.ts';
import { type S3Server, s3ServerAbsence, startS3Server } from '../support/s3-server/s3-server.ts';
import { type ArchiveRig, aSmallArchive, FOUNDATION, names } from './support/archive-rig.ts';

const absence = s3ServerAbsence();
const suite = absence === undefined ? describe : describe.skip;

suite(absence ?? 'verifyArchive on S3', () => {
  const Bucket = 'archive';
  let server: S3Server;
  let rig: ArchiveRig;
  let store: S3ObjectStore;
  let workDirectory: string;
  beforeAll(async () => {
    server = await startS3Server();
    await server.createBucket(Bucket);
    store = new S3ObjectStore(server.client(), Bucket);
    rig = await aSmallArchive();
    workDirectory = join(rig.directory, 'copies-of-parts');
    await mkdir(workDirectory);
    for (const key of rig.store.keys()) await store.create(key, rig.store.bytes(key));
  });
  afterAll(async () => {
    await rig?.close();
    await server?.close();
  });

  it('is clean, goes on being signed there, and leaves no copy of a part behind', async () => {
    const now = new Date('2026-03-05T06:00:00Z');
    const context = { store, signer: rig.signer, now: () => now, tool: 'test' };

    const outcome = await signDigest(context, FOUNDATION);
    const verdict = await rig.verify({ store, now, workDirectory });

    expect(outcome).toMatchObject({ kind: 'signed', previousDay: '2026-03-04', objects: 0 });
    expect(verdict.findings).toEqual([]);
    expect(verdict.foundations).toMatchObject([{ digests: 4, rows: 3 }]);
    expect(await readdir(workDirectory)).toEqual([]);
  });

  it('names what was deleted, changed and added', async () => {
    const part = 'events/v1/foundation=eu-1/dt=2026-03-01/part-0000.parquet';
    const manifest = 'manifests/v1/foundation=eu-1/dt=2026-03-02/r0000.json';
    const folder = 'events/v1/foundation=eu-1/';
    const client = server.client();
    await client.send(new DeleteObjectCommand({ Bucket, Key: part }));
    await client.send(new PutObjectCommand({ Bucket, Key: manifest, Body: '{}' }));
    await client.send(new PutObjectCommand({ Bucket, Key: folder, Body: '' }));

    const { findings } = await rig.verify({ store, now: new Date('2026-03-05T07:00:00Z') });

    expect(names(findings)).toEqual([`altered ${manifest}`, `missing ${part}`, `extra ${folder}`]);
  });
});
