import { execFileSync, spawnSync } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { mkdir, mkdtemp, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ArchiveRig, aQuestionedArchive, aSmallArchive } from './support/archive-rig.ts';
import { aSigner } from './support/memory-signer.ts';
import { pythonWithCryptography } from './support/python.ts';

const python = pythonWithCryptography();
const suite = python === undefined ? describe.skip : describe;

/** docs/verify.md says enough for somebody else's verifier: one that shares nothing with ours agrees with it. */
suite('the second verifier', () => {
  let rig: ArchiveRig;
  let directory: string;
  let folder: string;
  beforeAll(async () => {
    rig = await aSmallArchive();
    directory = await mkdtemp(join(tmpdir(), 'second-verifier-'));
    folder = join(directory, 'copy');
    await writeKey(rig.signer.publicJwk());
    for (const key of rig.store.keys()) await restore(key);
  });
  afterAll(async () => {
    await rig.close();
    await rm(directory, { recursive: true });
  });

  const writeKey = (jwk: object) =>
    writeFile(
      join(directory, 'public.pem'),
      createPublicKey({ key: { ...jwk }, format: 'jwk' }).export({ type: 'spki', format: 'pem' }),
    );
  const write = async (
    key: string,
    bytes: Uint8Array | string,
    into: string = folder,
  ): Promise<void> => {
    await mkdir(dirname(join(into, key)), { recursive: true });
    await writeFile(join(into, key), bytes);
  };
  const restore = (key: string) => write(key, rig.store.bytes(key));
  const verify = (of: string = folder) => {
    const script = join(import.meta.dirname, 'second-verifier.py');
    const { status, stdout, stderr } = spawnSync(
      String(python),
      [script, of, join(directory, 'public.pem')],
      { encoding: 'utf8' },
    );
    return { status, lines: stdout.trim().split('\n'), stderr };
  };

  it('finds nothing wrong with an archive as it was written', () => {
    expect(verify()).toEqual({
      status: 0,
      lines: [`clean: ${rig.store.keys().length} objects`],
      stderr: '',
    });
  });

  it('names each deleted and each changed object', async () => {
    for (const key of rig.store.keys()) {
      const bytes = Buffer.from(rig.store.bytes(key));
      await unlink(join(folder, key));
      const deleted = verify();
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
      await write(key, bytes);
      const changed = verify();
      await restore(key);

      for (const { status, lines } of [deleted, changed]) {
        expect({ key, status, named: lines.some((line) => line.endsWith(` ${key}`)) }).toEqual({
          key,
          status: 1,
          named: true,
        });
      }
    }
  });

  it('names each added object', async () => {
    for (const key of [
      'notes.txt',
      'events/v1/foundation=eu-1/dt=2026-03-01/part-0002.parquet',
      'manifests/v1/foundation=eu-1/dt=2026-03-03/r0000.json',
      'runs/v1/foundation=eu-1/dt=2026-03-03/2026-03-03T06:00:00.000Z-ff.json',
    ]) {
      await write(key, 'x');
      const { status, lines } = verify();
      await unlink(join(folder, key));

      expect({ status, lines }).toEqual({ status: 1, lines: [`extra ${key}`] });
    }
  });

  it('names what is no file of the archive: links, hidden names, what is neither file nor folder', async () => {
    const day = 'events/v1/foundation=eu-1/dt=2026-03-01';
    const add = async (key: string, make: (path: string) => unknown) => {
      await make(join(folder, key));
      const { status, lines } = verify();
      await unlink(join(folder, key));
      return { status, lines };
    };
    const additions: [string, (path: string) => unknown][] = [
      [`${day}/part-0002.parquet`, (path) => symlink('part-0000.parquet', path)],
      [`${day}/part-0002.parquet`, (path) => execFileSync('mkfifo', [path])],
      ['events/v1/foundation=eu-1/dt=2026-02-28', (path) => symlink('dt=2026-03-01', path)],
      ['events/v1/foundation=eu-2', (path) => symlink('foundation=eu-1', path)],
      [`${day}/.part-0002.parquet`, (path) => writeFile(path, 'x')],
      [`.incoming`, (path) => symlink('..', path)],
    ];

    for (const [key, make] of additions) {
      expect(await add(key, make)).toEqual({ status: 1, lines: [`extra ${key}`] });
    }
    if (process.platform === 'linux') {
      const name = Buffer.concat([Buffer.from(join(folder, day, 'part-')), Buffer.from([0xff])]);
      await writeFile(name, 'x');
      expect(verify()).toEqual({ status: 1, lines: [`extra ${day}/part-?`], stderr: '' });
      await unlink(name);
    }
    await write('.incoming/half', 'x');
    expect(verify().status).toBe(0);
  });

  it('takes no link for a signed object', async () => {
    for (const key of rig.store.keys()) {
      await write(`elsewhere/${key}`, rig.store.bytes(key), directory);
      await unlink(join(folder, key));
      await symlink(join(directory, 'elsewhere', key), join(folder, key));
      const { status, lines } = verify();
      await unlink(join(folder, key));
      await restore(key);

      expect(status).toBe(1);
      expect(lines).toEqual(expect.arrayContaining([`extra ${key}`, `missing ${key}`]));
    }
  });

  it('knows a part that a later manifest adopted', async () => {
    const other = await ArchiveRig.open();
    const part = 'events/v1/foundation=eu-1/dt=2026-03-01/part-0000.parquet';
    other.at('2026-03-02T05:00:00Z');
    await other.revision('2026-03-01', []);
    await other.revision('2026-03-01', ['a1'], { orphan: true });
    const adopt = (revision: number) =>
      other.revision('2026-03-01', ['a1'], { revision, adopts: 0 });
    const verdict = async (name: string) => {
      const copy = join(directory, name);
      await other.at('2026-03-02T06:00:00Z').digest();
      for (const key of other.store.keys()) await write(key, other.store.bytes(key), copy);
      await writeKey(other.signer.publicJwk());
      const { lines } = verify(copy);
      await writeKey(rig.signer.publicJwk());
      for (const key of other.store.keys()) {
        if (key.startsWith('digests/')) other.store.objects.delete(key);
      }
      return lines;
    };

    expect(await verdict('orphaned')).toEqual([`extra ${part}`]);
    await adopt(1);
    expect(await verdict('adopted')).toEqual([expect.stringMatching(/^clean: /)]);
    await adopt(2);
    expect(await verdict('twice')).toEqual([
      'invalid manifests/v1/foundation=eu-1/dt=2026-03-01/r0002.json',
    ]);
    await other.close();
  });

  it('agrees on a query log: clean, and each deleted or changed object of it is named', async () => {
    const questioned = await aQuestionedArchive();
    const copy = join(directory, 'questioned');
    await writeKey(questioned.signer.publicJwk());
    const { store } = questioned;
    for (const key of store.keys()) await write(key, store.bytes(key), copy);
    const clean = verify(copy);
    const named: string[] = [];
    for (const key of store.keys('queries/')) {
      await unlink(join(copy, key));
      const deleted = verify(copy);
      await write(key, 'x', copy);
      const changed = verify(copy);
      await write(key, store.bytes(key), copy);
      if (deleted.lines.join() === `missing ${key}` && changed.lines.join() === `altered ${key}`) {
        named.push(key);
      }
    }
    await writeKey(rig.signer.publicJwk());
    await questioned.close();

    expect(clean.lines).toEqual([`clean: ${store.keys().length} objects`]);
    expect(named).toEqual(store.keys('queries/'));
    expect(named).toHaveLength(5 + 2);
  });

  it('trusts no other key', async () => {
    await writeKey(aSigner().publicJwk());
    const { status, lines } = verify();
    await writeKey(rig.signer.publicJwk());

    expect(status).toBe(1);
    expect(lines).toContain('wrong_signature digests/v1/foundation=eu-1/2026-03-04.jws');
  });
});
