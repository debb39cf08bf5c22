import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type S3Server, s3ServerAbsence, startS3Server } from '../support/s3-server/s3-server.ts';
import { blockOf, type SelfHost, startSelfHost } from '../support/self-hosting.ts';
import { trinoAbsence } from '../support/trino-home.ts';
import { catalogueProperties, startTrino, type TrinoServer } from '../support/trino-server.ts';

const noS3 = s3ServerAbsence();
const noTrino = trinoAbsence();

(noS3 === undefined ? describe : describe.skip)(
  noS3 ?? 'docs/self-hosting.md on an S3 server',
  () => {
    let server: S3Server;
    let host: SelfHost;

    beforeAll(async () => {
      server = await startS3Server();
      await server.createBucket('audit-archive', { objectLock: true });
      host = await startSelfHost({ 'http://127.0.0.1:9000': server.endpoint });
      await host.runSection('The program');
    }, 120_000);
    afterAll(async () => {
      await host?.stop();
      await server?.close();
    });

    it('stores, signs and verifies in a locked bucket', async () => {
      const steps = await host.runSection('The archive on an S3 server', {
        S3_KEY: 'test',
        S3_SECRET: 'test',
      });

      expect(steps.map(({ printed }) => printed)).toEqual(steps.map(({ written }) => written));
      expect(steps).toHaveLength(1);
    }, 300_000);
  },
);

(noTrino === undefined ? describe : describe.skip)(
  noTrino ?? 'docs/self-hosting.md with Trino',
  () => {
    let host: SelfHost;
    let trino: TrinoServer;

    beforeAll(async () => {
      host = await startSelfHost();
      await host.runSection('The program');
      await host.runSection('The first run');
      trino = await startTrino({ folder: host.home });
    }, 300_000);
    afterAll(async () => {
      await trino?.stop();
      await host?.stop();
    });

    it('has the catalogue that Trino is started with here', () => {
      expect(host.own(blockOf('Trino', 'properties'))).toBe(catalogueProperties(host.home));
    });

    it('answers with what ddl prints', async () => {
      await host.runSection('Trino');
      const statements = await readFile(join(host.home, 'trino.sql'), 'utf8');
      const refused: string[] = [];
      for (const statement of statements.split(/;\n/).filter((text) => text.trim() !== ''))
        await trino.query(statement).catch((error: Error) => refused.push(error.message));

      expect(refused).toEqual([expect.stringMatching(/must be a directory.*queries\/v1\/days/)]);
      const { rows } = await trino.query(blockOf('Trino', 'sql'));

      expect(rows).toEqual([['2026-11-06 14:23:07.000', 'dana.whitfield@example.org']]);
    }, 120_000);
  },
);
