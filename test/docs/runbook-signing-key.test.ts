import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../..');

/** A checkout in which the runbook's command gave the signing key a new name. */
let checkout: string;
const node = (script: string) =>
  promisify(execFile)(process.execPath, [script], {
    cwd: checkout,
    env: { PATH: process.env.PATH, CF_AUDIT_ARCHIVE_CONFIG: 'infra/example.yml' },
  });
beforeAll(async () => {
  checkout = await mkdtemp(join(tmpdir(), 'signing-key-'));
  await cp(join(ROOT, 'infra'), join(checkout, 'infra'), { recursive: true });
  await cp(join(ROOT, 'serverless.yml'), join(checkout, 'serverless.yml'));
  for (const name of ['lib', 'node_modules', 'package.json']) {
    await symlink(join(ROOT, name), join(checkout, name));
  }
  await mkdir(join(checkout, 'docs'));
  const runbook = await readFile(join(ROOT, 'docs/runbook.md'), 'utf8');
  const [command = 'false'] = /^sed -i .*SigningKey.*infra\/.*$/m.exec(runbook) ?? [];
  await promisify(execFile)('bash', ['-c', command], { cwd: checkout });
  await node('infra/render-stack.ts');
  await node('infra/permissions.ts');
}, 120_000);
afterAll(() => rm(checkout, { recursive: true, force: true }));

describe('a new signing key, as the runbook makes it', () => {
  it('is the one that the functions are told of', async () => {
    const { configuration } = JSON.parse(await readFile(join(checkout, 'dist/stack.json'), 'utf8'));
    const { signing } = JSON.parse(configuration['Fn::Sub']);

    expect(signing).toEqual({ kms: '$' + '{SigningKey2027.Arn}' });
  });

  it('is the one that the digest may sign with, and the only one', async () => {
    const permissions = await readFile(join(checkout, 'docs/permissions.md'), 'utf8');

    expect(permissions).toMatch(/`kms:Sign`.*`SigningKey2027`/);
    expect(permissions).not.toMatch(/\bSigningKey\b/);
  });
});
