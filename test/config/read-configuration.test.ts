import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseConfiguration, readConfiguration } from '../../lib/config/read-configuration.ts';
import { ArchiveError } from '../../lib/domain/errors.ts';

const EXAMPLE = join(import.meta.dirname, '../../cf-audit-archive.example.yml');

const MINIMAL = `archive: file:./archive
foundations:
  - name: eu-1
    api: https://api.eu-1.example.org
    client_id: audit-archive
    client_secret: { env: EU1_CLIENT_SECRET }
`;

const HTTP_DEFAULTS = {
  identity: 'none',
  queryLog: 'required',
  url: undefined,
  hosts: {},
  corsOrigins: [],
  questionsPerUser: 4,
  questionsPerHour: undefined,
  timeoutMs: 25_000,
  exportTimeoutMs: 900_000,
  maxRangeMs: undefined,
  dailyScanBytes: undefined,
  maxPageBytes: 64_000_000,
  cursorKey: undefined,
  exportBucket: undefined,
};

const parse = (text: string) => parseConfiguration(text, 'c.yml', '/etc/archive');

function messageOf(text: string): string {
  try {
    parse(text);
  } catch (error) {
    expect(error).toMatchObject({ name: 'ArchiveError', code: 'CONFIG_INVALID' });
    return (error as ArchiveError).message;
  }
  throw new Error('the configuration was taken');
}

describe('readConfiguration', () => {
  it('reads the example', async () => {
    const folder = join(EXAMPLE, '..');

    expect(await readConfiguration(EXAMPLE)).toEqual({
      archiveUrl: `file:${folder}/archive`,
      foundations: [
        {
          key: 'foundations[0]',
          name: 'eu-1',
          api: 'https://api.eu-1.example.org',
          clientId: 'audit-archive',
          clientSecret: { kind: 'env', name: 'EU1_CLIENT_SECRET' },
          retentionDays: 31,
          settleMs: 14_400_000,
          concurrency: 2,
          uaa: undefined,
          login: undefined,
        },
      ],
      signing: { kind: 'ed25519', file: `${folder}/archive-signing-key.pem` },
      engine: { kind: 'duckdb' },
      http: HTTP_DEFAULTS,
    });
  });

  it('takes every alternative that the example shows commented out', async () => {
    const example = await readFile(EXAMPLE, 'utf8');
    const alternatives = example.match(/^ *# (client_secret|signing|engine): .*$/gm) ?? [];

    expect(alternatives).toHaveLength(4);
    for (const line of alternatives) {
      const key = line.replace(/^ *# (\w+):.*/, '$1');
      const text = example
        .replace(new RegExp(`^ *${key}:.*$`, 'm'), line.replace('# ', ''))
        .replace('file:./archive', 's3://audit-archive');
      expect(() => parse(text)).not.toThrow();
    }
  });

  it('takes paths as relative to its own folder, not to the working directory', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'configuration-'));
    const file = join(folder, 'c.yml');
    await writeFile(
      file,
      MINIMAL.replace('{ env: EU1_CLIENT_SECRET }', '{ file: ../secret }').replace(
        './archive',
        'a/b',
      ),
    );

    const configuration = await readConfiguration(file);

    expect(configuration.archiveUrl).toBe(`file:${folder}/a/b`);
    expect(configuration.foundations[0]?.clientSecret).toEqual({
      kind: 'file',
      path: join(folder, '../secret'),
    });
    await rm(folder, { recursive: true });
  });

  it('says how to make a file that is missing', async () => {
    await expect(readConfiguration('/nowhere/c.yml')).rejects.toEqual(
      new ArchiveError(
        'CONFIG_INVALID',
        'there is no /nowhere/c.yml; start from a copy of cf-audit-archive.example.yml, or name another file with --config',
      ),
    );
  });

  it('says why a file cannot be read', async () => {
    await expect(readConfiguration(tmpdir())).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/^cannot read the configuration .*EISDIR/),
    });
  });
});

describe('parseConfiguration', () => {
  it('fills in the defaults', () => {
    const { foundations, signing, engine } = parse(MINIMAL);

    expect(foundations).toMatchObject([
      { retentionDays: 31, settleMs: 14_400_000, concurrency: 2 },
    ]);
    expect(signing).toBeUndefined();
    expect(engine).toEqual({ kind: 'duckdb' });
  });

  it('takes S3, KMS, Athena and several foundations', () => {
    const configuration = parse(`
archive: s3://audit-archive/
foundations:
  - &first
    name: eu-1
    api: http://127.0.0.1:8080/
    client_id: audit-archive
    client_secret: { secretsmanager: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:x" }
    retention_days: 90
    settle: 30m
    concurrency: 16
  - { name: us-1, api: "HTTPS://API.us-1.example.org:443", client_id: c, client_secret: { file: /run/s } }
signing: { kms: "arn:aws:kms:eu-central-1:123456789012:alias/archive" }
engine: { athena: { workgroup: audit-archive, database: audit_archive, table: events } }
`);

    expect(configuration).toEqual({
      archiveUrl: 's3://audit-archive',
      // Half a dollar, because nobody said otherwise.
      maxScanBytes: 100e9,
      foundations: [
        {
          key: 'foundations[0]',
          name: 'eu-1',
          api: 'http://127.0.0.1:8080',
          clientId: 'audit-archive',
          clientSecret: {
            kind: 'secretsmanager',
            arn: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:x',
          },
          retentionDays: 90,
          settleMs: 1_800_000,
          concurrency: 16,
          uaa: undefined,
          login: undefined,
        },
        expect.objectContaining({
          key: 'foundations[1]',
          api: 'https://api.us-1.example.org',
          clientSecret: { kind: 'file', path: '/run/s' },
        }),
      ],
      signing: { kind: 'kms', arn: 'arn:aws:kms:eu-central-1:123456789012:alias/archive' },
      engine: {
        kind: 'athena',
        workgroup: 'audit-archive',
        database: 'audit_archive',
        table: 'events',
      },
      http: HTTP_DEFAULTS,
    });
  });

  it.each([
    ['file:archive', 'file:/etc/archive/archive'],
    ['file:../a b', 'file:/etc/a b'],
    ['file:///srv/100%', 'file:/srv/100%'],
  ])('makes %s absolute', (written, absolute) => {
    expect(parse(MINIMAL.replace('file:./archive', written)).archiveUrl).toBe(absolute);
  });

  const SECRET_FORMS = 'write { env: NAME }, { file: PATH } or { secretsmanager: ARN }';
  it.each([
    [
      'archive: file:./archive',
      'archive:',
      '1: archive: is missing; write file:PATH or s3://BUCKET',
    ],
    ['archive: file:./archive', 'archive: 7', '1: archive: must be file:PATH or s3://BUCKET'],
    [
      'file:./archive',
      './archive',
      '1: archive: "./archive" is not the place of an archive; write file:PATH or s3://BUCKET',
    ],
    [
      'file:./archive',
      'file://host/archive',
      '1: archive: file:// names a host; write file:PATH with a local folder',
    ],
    [
      'file:./archive',
      'file:~/archive',
      '1: archive: ~ is not expanded; write the path of the home folder in full',
    ],
    [
      'file:./archive',
      's3://bucket/a/b',
      '1: archive: an archive is a whole bucket, without a path; write s3://bucket',
    ],
    [
      'file:./archive',
      's3://My_Bucket',
      '1: archive: "My_Bucket" is not the name of a bucket (3 to 63 lower-case letters, digits, dots and hyphens)',
    ],
    [
      'archive:',
      'archives:',
      '1: archive: is missing; write file:PATH or s3://BUCKET\nc.yml:1: archives: unknown key; did you mean archive?',
    ],
    [
      'archive:',
      'color: red\narchive:',
      '1: color: unknown key; known here: archive, foundations, signing, engine, max_scan, http, deployment',
    ],
    [
      'name: eu-1',
      'name: EU_1',
      '3: foundations[0].name: use 1 to 32 of a-z, 0-9 and -, not beginning with -',
    ],
    [
      'name: eu-1',
      'name: 7',
      '3: foundations[0].name: must be 1 to 32 of a-z, 0-9 and -, not beginning with -',
    ],
    [
      '    client_id: audit-archive\n',
      '',
      '3: foundations[0].client_id: is missing; write the name of a UAA client that may read audit events',
    ],
    [
      'client_id:',
      'clientId:',
      '3: foundations[0].client_id: is missing; write the name of a UAA client that may read audit events\nc.yml:5: foundations[0].clientId: unknown key; did you mean client_id?',
    ],
    ...[
      'api.eu-1.example.org',
      'ftp://api.example.org',
      'https://api.example.org/v3',
      'https://u:p@api.example.org',
      'https://api.example.org?a=b',
    ].map((api): [string, string, string] => [
      'https://api.eu-1.example.org',
      api,
      '4: foundations[0].api: must be the root of the API: https://HOST or https://HOST:PORT',
    ]),
    [
      '{ env: EU1_CLIENT_SECRET }',
      'hunter2',
      `6: foundations[0].client_secret: a secret is never written here; ${SECRET_FORMS}`,
    ],
    [
      '{ env: EU1_CLIENT_SECRET }',
      '',
      `6: foundations[0].client_secret: is missing; ${SECRET_FORMS}`,
    ],
    [
      '{ env: EU1_CLIENT_SECRET }',
      '{}',
      `6: foundations[0].client_secret: must have one key; ${SECRET_FORMS}`,
    ],
    [
      '{ env: EU1_CLIENT_SECRET }',
      '{ env: A, file: b }',
      `6: foundations[0].client_secret: must have one key; ${SECRET_FORMS}`,
    ],
    [
      '{ env: EU1_CLIENT_SECRET }',
      '{ env: hunter-2 }',
      '6: foundations[0].client_secret.env: must be the name of an environment variable',
    ],
    [
      '{ env: EU1_CLIENT_SECRET }',
      '{ secretsmanager: hunter2 }',
      '6: foundations[0].client_secret.secretsmanager: must be the ARN of a secret: arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME',
    ],
    [
      '{ env: EU1_CLIENT_SECRET }',
      '{ Env: A }',
      '6: foundations[0].client_secret.Env: unknown key; did you mean env?',
    ],
    [
      '{ env: EU1_CLIENT_SECRET }',
      '{ vault: a }',
      '6: foundations[0].client_secret: unknown key; known here: env, file, secretsmanager',
    ],
    ...['0', '3651', '1.5', 'x', '"31"'].map((days): [string, string, string] => [
      'name: eu-1',
      `name: eu-1\n    retention_days: ${days}`,
      '4: foundations[0].retention_days: must be a whole number from 1 to 3650',
    ]),
    ...['4', '4 hours', '1h30m'].map((settle): [string, string, string] => [
      'name: eu-1',
      `name: eu-1\n    settle: ${settle}`,
      '4: foundations[0].settle: must be a whole number and s, m, h or d, such as 4h',
    ]),
    [
      'name: eu-1',
      'name: eu-1\n    settle: 31d',
      '4: foundations[0].settle: must be shorter than retention_days: no day would ever close',
    ],
    [
      'name: eu-1',
      'name: eu-1\n    concurrency: 17',
      '4: foundations[0].concurrency: must be a whole number from 1 to 16',
    ],
    [
      'archive:',
      'signing: key.pem\narchive:',
      '1: signing: must be { ed25519: { file: PATH } } or { kms: ARN }',
    ],
    [
      'archive:',
      'signing: {}\narchive:',
      '1: signing: must be { ed25519: { file: PATH } } or { kms: ARN }',
    ],
    [
      'archive:',
      'signing: { ed25519: { path: x } }\narchive:',
      '1: signing.ed25519.file: is missing; write the path of a private key in PEM form\nc.yml:1: signing.ed25519.path: unknown key; known here: file',
    ],
    [
      'archive:',
      'signing: { kms: alias/x }\narchive:',
      '1: signing.kms: must be the ARN of a KMS key: arn:aws:kms:REGION:ACCOUNT:key/ID',
    ],
    [
      'archive:',
      'engine: sqlite\narchive:',
      '1: engine: must be duckdb or { athena: { workgroup, database, table } }',
    ],
    [
      'archive:',
      'engine: { duckdb: {} }\narchive:',
      '1: engine.athena: is missing; write { workgroup, database, table }\nc.yml:1: engine.duckdb: unknown key; known here: athena\nc.yml:1: engine: athena reads S3 only; write engine: duckdb, or archive: s3://BUCKET',
    ],
    [
      'archive:',
      'engine: { athena: { workgroup: w, database: "a;b", tables: t } }\narchive:',
      '1: engine.athena.database: must be a database of a-z, 0-9 and _\nc.yml:1: engine.athena.table: is missing; write a table of a-z, 0-9 and _\nc.yml:1: engine.athena.tables: unknown key; did you mean table?\nc.yml:1: engine: athena reads S3 only; write engine: duckdb, or archive: s3://BUCKET',
    ],
  ])('where %j is %j says what to do', (right, wrong, message) => {
    expect(MINIMAL).toContain(right);

    expect(messageOf(MINIMAL.replace(right, wrong))).toBe(`c.yml:${message}`);
  });

  it.each([
    ['', 'c.yml is empty; start from a copy of cf-audit-archive.example.yml'],
    ['# nothing\n', 'c.yml is empty; start from a copy of cf-audit-archive.example.yml'],
    ['just text', 'c.yml:1: must be a document with the keys archive and foundations'],
    [
      'archive: file:a\nfoundations: []',
      'c.yml:2: foundations: is empty; list at least one foundation',
    ],
    [
      'archive: file:a\nfoundations: { name: a }',
      'c.yml:2: foundations: must be a list of foundations',
    ],
    [
      'archive: file:a\nfoundations: [eu-1]',
      'c.yml:2: foundations[0]: must be a foundation: name, api, client_id and client_secret',
    ],
  ])('says of %j what to do', (text, message) => {
    expect(messageOf(text)).toBe(message);
  });

  it('lists every problem, also those between parts, in the order of the file', () => {
    const second = MINIMAL.slice(MINIMAL.indexOf('  - name'));

    expect(messageOf(`${MINIMAL}${second.replace('https', 'ftp')}${second}colour: red\n`)).toBe(
      [
        'c.yml:7: foundations[1].name: "eu-1" is foundations[0] already; give each foundation a name of its own',
        'c.yml:8: foundations[1].api: must be the root of the API: https://HOST or https://HOST:PORT',
        'c.yml:11: foundations[2].name: "eu-1" is foundations[0] already; give each foundation a name of its own',
        'c.yml:15: colour: unknown key; known here: archive, foundations, signing, engine, max_scan, http, deployment',
      ].join('\n'),
    );
  });

  it('finds the line through an alias', () => {
    const shared = 'x: &secret { envv: A }\n';

    expect(messageOf(shared + MINIMAL.replace('{ env: EU1_CLIENT_SECRET }', '*secret'))).toContain(
      'c.yml:1: foundations[0].client_secret.envv: unknown key; did you mean env?',
    );
  });

  it.each([
    ['archive: a\narchive: b\n', 'c.yml:2:1: not YAML: Map keys must be unique'],
    ['a:\n\tb: 1\n', /^c\.yml:2:\d+: not YAML: /],
    ['a: "hunter2\n', /^c\.yml:2:1: not YAML: Missing closing "quote/],
    ['client_secret: hunter2: hunter2\n', /^c\.yml:1:\d+: not YAML: Nested mappings/],
    ['a: *hunter2\n', 'c.yml: not YAML: an alias (*…) has no anchor'],
    ['a: [hunter2\n', /^c\.yml:2:1: not YAML: /],
    ['a: 1\n---\nb: 2\n', /^c\.yml:2:1: not YAML: .*multiple documents/],
  ])('says where %j is not YAML', (text, message) => {
    const found = messageOf(text);

    expect(found).toEqual(
      typeof message === 'string'
        ? expect.stringContaining(message)
        : expect.stringMatching(message),
    );
  });

  it('never repeats what stands in place of a secret', () => {
    for (const wrong of [
      'hunter2',
      '[hunter2]',
      '{ env: hunter2! }',
      '{ file: [hunter2] }',
      '"hunter2',
      'hunter2: x',
      '@hunter2',
      '*hunter2',
      '&hunter2',
      '!hunter2',
      '!hunter2 x',
      '`hunter2',
      '|hunter2',
      '%hunter2',
      '\n%hunter2',
      '"\\hunter2"',
      '!<hunter2> x',
      '[x] hunter2',
      '"x" hunter2',
      '>hunter2\n x',
      '{ *hunter2 }',
      '{ hunter2 }',
      '{ secretsmanager: hunter2 }',
    ])
      expect(messageOf(MINIMAL.replace('{ env: EU1_CLIENT_SECRET }', wrong))).not.toContain(
        'hunter2',
      );
  });

  it('refuses a key that would reach into the prototype', () => {
    expect(messageOf(`__proto__: { a: 1 }\n${MINIMAL}`)).toContain('__proto__: unknown key');
  });
});
