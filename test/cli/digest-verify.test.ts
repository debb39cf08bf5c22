import { execFileSync } from 'node:child_process';
import {
  appendFile,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { run } from '../../lib/cli/program.ts';
import { generateFoundation } from '../../lib/sample-foundation/generator/generate-foundation.ts';
import {
  ARCHIVER_CLIENT,
  startSampleFoundation,
} from '../../lib/sample-foundation/sample-foundation.ts';
import { aTerminal } from '../support/captured-terminal.ts';

const NOW = '2026-03-12T06:00:00Z';

/** The real thing, from Cloud Controller's pages to a verdict on a copied folder. */
let directory: string;
let config: string;
let publicKey: string;
let firstDigest: { code: number; out: string; err: string };

const cli = async (...args: string[]) => {
  const terminal = aTerminal();
  const code = await run(args, terminal);
  return { code, out: terminal.stdout(), err: terminal.stderr() };
};
const digest = (now: string, ...flags: string[]) =>
  cli('digest', '--config', config, '--now', now, ...flags);
const archive = () => join(directory, 'archive');
const verifyCopy = (folder = archive(), ...flags: string[]) =>
  cli('verify', '--archive', `file:${folder}`, '--public-key', publicKey, ...flags);
const findings = (out: string): string[] =>
  JSON.parse(out).findings.map(({ kind, object }: Record<string, string>) => `${kind} ${object}`);

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cli-digest-'));
  config = join(directory, 'cf-audit-archive.yml');
  publicKey = join(directory, 'keys', 'signing.pem.pub.pem');
  const sample = await startSampleFoundation({
    now: new Date(NOW),
    records: generateFoundation({
      seed: 3,
      from: new Date('2026-03-10T00:00:00Z'),
      to: new Date(NOW),
      eventsPerDay: 200,
    }),
  });
  await writeFile(join(directory, 'secret'), `${ARCHIVER_CLIENT.secret}\n`);
  await writeFile(
    config,
    `archive: file:./archive
foundations:
  - name: eu-1
    api: ${sample.apiUrl}
    client_id: ${ARCHIVER_CLIENT.id}
    client_secret: { file: ./secret }
    retention_days: 4
signing: { ed25519: { file: ./keys/signing.pem } }
`,
  );
  const archived = await cli('archive', '--config', config, '--now', NOW);
  await sample.close();
  expect(archived).toMatchObject({ code: 0 });
  firstDigest = await digest('2026-03-12T06:10:00Z');
  await digest('2026-03-13T06:10:00Z');
}, 60_000);
afterAll(() => rm(directory, { recursive: true, force: true }));

describe('digest', () => {
  it('makes a key on first use, prints its public half, and prints the head', async () => {
    expect(firstDigest.code).toBe(0);
    expect(firstDigest.err).toContain(await readFile(publicKey, 'utf8'));
    expect(firstDigest.err).toContain(publicKey);
    expect(firstDigest.out).toMatch(
      /^eu-1 2026-03-12 signed \d+ new objects; head [0-9a-f]{64}\n$/,
    );
    expect((await stat(join(directory, 'keys', 'signing.pem'))).mode & 0o777).toBe(0o600);
  });

  it('says that a day is signed already, and changes nothing', async () => {
    const before = await readdir(archive(), { recursive: true });

    const { code, out, err } = await digest('2026-03-13T09:00:00Z');

    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(
      /^eu-1 2026-03-13 is signed already, nothing changed; head [0-9a-f]{64}\n$/,
    );
    expect(await readdir(archive(), { recursive: true })).toEqual(before);
  });

  it('has stable keys as JSON', async () => {
    const { out } = await digest('2026-03-13T09:00:00Z', '--json');

    expect(JSON.parse(out)).toEqual({
      public_key: {
        kid: expect.stringMatching(/^[\w-]{43}$/),
        pem: await readFile(publicKey, 'utf8'),
        file: publicKey,
      },
      foundations: [
        {
          name: 'eu-1',
          result: 'already',
          head: {
            day: '2026-03-13',
            key: 'digests/v1/foundation=eu-1/2026-03-13.json',
            sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
          },
          objects: 0,
          repaired: null,
          previous_day: '2026-03-12',
          refused: [],
          rolled: [],
          error: null,
        },
      ],
    });
  });

  it('exits 1 when the chain is ahead of the clock', async () => {
    const { code, err } = await digest('2026-03-12T07:00:00Z');

    expect(code).toBe(1);
    expect(err).toContain('2026-03-13.json is of a later day than today');
  });

  it('exits 2 without a key to sign with', async () => {
    const unsigned = join(directory, 'unsigned.yml');
    const text = await readFile(config, 'utf8');
    await writeFile(unsigned, text.replace(/^signing.*$/m, ''));

    const { code, err } = await cli('digest', '--config', unsigned);

    expect(code).toBe(2);
    expect(err).toContain('signing is missing');
  });
});

describe('verify', () => {
  it('verifies a copied folder with nothing but the public key', async () => {
    const { code, out, err } = await verifyCopy();

    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^eu-1: 2 digests, \d+ days; head 2026-03-13 [0-9a-f]{64}$/m);
    expect(out).toMatch(/^clean.*: \d+ days, \d+ objects, .* rows verified as of .*\n$/m);
  });

  it('verifies by the configuration, in which a digest can be overdue', async () => {
    const verify = (now: string) => cli('verify', '--config', config, '--now', now, '--json');

    const inTime = await verify('2026-03-14T08:10:00Z');
    const late = await verify('2026-03-14T08:10:01Z');

    expect({ code: inTime.code, findings: findings(inTime.out) }).toEqual({
      code: 0,
      findings: [],
    });
    expect({ code: late.code, findings: findings(late.out) }).toEqual({
      code: 1,
      findings: ['digest_overdue digests/v1/foundation=eu-1/'],
    });
  });

  it('names what was flipped, deleted, cut off and added, and is clean when all is restored', async () => {
    const copy = join(directory, 'copy');
    await cp(archive(), copy, { recursive: true });
    const [head] = /[0-9a-f]{64}/.exec((await digest('2026-03-13T09:00:00Z')).out) ?? [];
    const part = 'events/v1/foundation=eu-1/dt=2026-03-10/part-0000.parquet';
    const newest = 'digests/v1/foundation=eu-1/2026-03-13';
    const verdict = async () => {
      const { code, out } = await verifyCopy(copy, '--head', String(head), '--json');
      return { code, findings: findings(out) };
    };
    const bytes = await readFile(join(copy, part));

    const flipped = Buffer.from(bytes);
    flipped[1000] = (flipped[1000] ?? 0) ^ 1;
    await writeFile(join(copy, part), flipped);
    expect(await verdict()).toEqual({ code: 1, findings: [`altered ${part}`] });

    await unlink(join(copy, part));
    expect(await verdict()).toEqual({ code: 1, findings: [`missing ${part}`] });

    await writeFile(join(copy, part), bytes);
    await unlink(join(copy, `${newest}.json`));
    expect((await verdict()).findings).toContain(`missing ${newest}.json`);
    await unlink(join(copy, `${newest}.jws`));
    expect(await verdict()).toEqual({ code: 1, findings: [`head_cut_off ${head}`] });

    await cp(archive(), copy, { recursive: true });
    await appendFile(join(copy, 'notes.txt'), 'hello');
    expect(await verdict()).toEqual({ code: 1, findings: ['extra notes.txt'] });

    await unlink(join(copy, 'notes.txt'));
    expect(await verdict()).toEqual({ code: 0, findings: [] });
  });

  describe('of what no listing gives', () => {
    const day = 'events/v1/foundation=eu-1/dt=2026-03-10';
    const part = `${day}/part-0000.parquet`;
    const manifest = 'manifests/v1/foundation=eu-1/dt=2026-03-10/r0000.json';
    const newest = 'digests/v1/foundation=eu-1/2026-03-13.json';
    let copy: string;
    beforeEach(async () => {
      copy = join(directory, `strays-${Math.random()}`);
      await cp(archive(), copy, { recursive: true });
    });
    const verdict = async (...flags: string[]) => {
      const { code, out } = await verifyCopy(copy, ...flags, '--json');
      return { code, findings: findings(out) };
    };
    const linkInstead = async (key: string) => {
      await rename(join(copy, key), join(directory, `moved-${Math.random()}`));
      await symlink(join(archive(), key), join(copy, key));
    };

    it.each<[string, string, (path: string) => Promise<unknown> | unknown]>([
      ['a link to a part', `${day}/part-0001.parquet`, (at) => symlink('part-0000.parquet', at)],
      ['a link to nothing', `${day}/part-0001.parquet`, (at) => symlink('nowhere', at)],
      [
        'a linked day',
        'events/v1/foundation=eu-1/dt=2026-03-09',
        (at) => symlink('dt=2026-03-10', at),
      ],
      ['a linked foundation', 'events/v1/foundation=eu-2', (at) => symlink('foundation=eu-1', at)],
      ['a hidden file', `${day}/.part-0001.parquet`, (at) => cp(join(copy, part), at)],
      ['a hidden folder', '.git', (at) => mkdir(at)],
      ['what a desktop leaves', `${day}/.DS_Store`, (at) => writeFile(at, '')],
      ['a pipe', `${day}/part-0001.parquet`, (at) => execFileSync('mkfifo', [at])],
    ])('names %s', async (_, key, add) => {
      await add(join(copy, key));

      expect(await verdict()).toEqual({ code: 1, findings: [`extra ${key}`] });
    });

    it('says that a link is to be removed', async () => {
      await symlink('part-0000.parquet', join(copy, day, 'part-0001.parquet'));

      const { out } = await verifyCopy(copy, '--json');

      expect(JSON.parse(out).findings).toEqual([
        {
          kind: 'extra',
          foundation: 'eu-1',
          day: '2026-03-10',
          object: `${day}/part-0001.parquet`,
          meaning: expect.stringMatching(/^a symbolic link.*remove it/),
        },
      ]);
    });

    it.each([part, manifest, newest])('takes no link for the signed %s', async (key) => {
      await linkInstead(key);

      const { code, findings: found } = await verdict();

      expect(code).toBe(1);
      expect(found).toEqual(expect.arrayContaining([`extra ${key}`, `missing ${key}`]));
    });

    it('takes no linked folder for a day of parts', async () => {
      await linkInstead(day);

      expect(await verdict()).toEqual({ code: 1, findings: [`missing ${part}`, `extra ${day}`] });
    });

    it('looks with --foundation at what is of that foundation', async () => {
      await symlink('x', join(copy, 'notes'));
      await symlink('foundation=eu-1', join(copy, 'events/v1/foundation=eu-2'));

      expect(await verdict('--foundation', 'eu-1')).toEqual({ code: 0, findings: [] });
      await linkInstead('runs');
      const { code, findings: found } = await verdict('--foundation', 'eu-1');
      expect(code).toBe(1);
      expect(found.filter((line) => line.startsWith('extra'))).toEqual(['extra runs']);
      expect(found).toContainEqual(expect.stringMatching(/^missing runs\/v1\//));
    });

    it('is clean of an archive that is reached through a link, and of half-written files', async () => {
      const linked = `${copy}-linked`;
      await symlink(copy, linked);
      await writeFile(join(copy, '.incoming', 'half'), 'x');

      expect((await verifyCopy(linked)).code).toBe(0);
    });
  });

  it('shows findings by kind, with what they mean', async () => {
    const copy = join(directory, 'shown');
    await cp(archive(), copy, { recursive: true });
    await unlink(join(copy, 'manifests/v1/foundation=eu-1/dt=2026-03-10/r0000.json'));

    const { code, out } = await verifyCopy(copy);

    expect(code).toBe(1);
    expect(out).toContain('MISSING: signed, and not there\n  day ');
    expect(out).toContain('the digest of 2026-03-12 says it was there');
    expect(out).toMatch(/^1 FINDING, /m);
  });

  it.each<[string, string[], RegExp]>([
    ['no configuration and no flags', ['--config', '/absent.yml'], /there is no \/absent.yml/],
    ['a head that is none', ['--head', 'abc'], /64 hex digits/],
    ['an archive that is no place', ['--archive', 'http://x', '--public-key', 'KEY'], /--archive/],
    [
      'an archive that is not there',
      ['--archive', 'file:/absent', '--public-key', 'KEY'],
      /\/absent: the folder does not exist; create it or correct --archive$/m,
    ],
    [
      'an archive without a key, and no configuration',
      ['--archive', 'file:COPY'],
      /^--archive file:COPY: there is no key to verify it with: name the public key with --public-key FILE/,
    ],
    [
      'a key without an archive, and no configuration',
      ['--public-key', 'KEY'],
      /^--public-key: there is no archive to verify with it: name one with --archive URL/,
    ],
    [
      'a key that is not there',
      ['--archive', 'file:/tmp', '--public-key', '/absent.pem'],
      /absent.pem/,
    ],
    ['a foundation that is no name', ['--foundation', 'EU'], /--foundation EU/],
    ['an instant that is none', ['--now', 'today'], /--now today/],
  ])('exits 2 for %s', async (_, flags, message) => {
    const { code, err } = await cli(
      'verify',
      ...flags.map((flag) => (flag === 'KEY' ? publicKey : flag)),
    );

    expect(code).toBe(2);
    expect(err).toMatch(message);
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  it('exits 1 for a foundation that the archive does not hold', async () => {
    const { code, out } = await verifyCopy(archive(), '--foundation', 'eu-2', '--json');

    expect({ code, findings: findings(out) }).toEqual({
      code: 1,
      findings: ['missing manifests/v1/foundation=eu-2/'],
    });
  });

  it('makes no instant up where there is none to be judged as of', async () => {
    const empty = join(directory, 'empty');
    await mkdir(empty);

    const folder = await verifyCopy(empty);
    const foundation = await verifyCopy(archive(), '--foundation', 'eu-2');
    const json = await verifyCopy(empty, '--json');

    expect(folder.out).toMatch(/^1 FINDING: 0 days, 0 objects, 0 B, 0 rows verified$/m);
    expect(foundation.out).toMatch(/^1 FINDING.* rows verified$/m);
    expect(JSON.parse(json.out)).toMatchObject({ ok: false, as_of: null });
  });

  it.each(['digest', 'verify'])('has an example in the help of %s', async (command) => {
    expect((await cli(command, '--help')).out).toContain(`Example`);
  });
});
