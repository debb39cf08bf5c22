import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { resolveSecret } from '../../lib/config/secrets.ts';

const KEY = 'foundations[0].client_secret';
const ARN = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:audit-archive/eu-1';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'secrets-'));
});
afterAll(async () => {
  await rm(directory, { recursive: true });
});

const unreadable = (message: string) => ({
  name: 'ArchiveError',
  code: 'SECRET_UNREADABLE',
  message: `${KEY}: ${message}`,
});

describe('resolveSecret from the environment', () => {
  const ref = { kind: 'env', name: 'EU1_CLIENT_SECRET' } as const;

  it('takes the variable as it stands', async () => {
    expect(await resolveSecret(ref, KEY, { EU1_CLIENT_SECRET: ' s3cret\n' })).toBe(' s3cret\n');
  });

  it.each([
    [{}, 'environment variable EU1_CLIENT_SECRET is not set; set it, or correct the name'],
    [
      { EU1_CLIENT_SECRET: '' },
      'environment variable EU1_CLIENT_SECRET is empty; put the secret into it',
    ],
  ])('refuses %j', async (environment, message) => {
    await expect(resolveSecret(ref, KEY, environment)).rejects.toMatchObject(unreadable(message));
  });
});

describe('resolveSecret from a file', () => {
  it.each([
    ['s3cret\n', 's3cret'],
    ['s3cret\r\n', 's3cret'],
    ['s3cret', 's3cret'],
    ['s3cret\n\n', 's3cret\n'],
    [' with blanks \n', ' with blanks '],
    ['pässwörd 🔑\n', 'pässwörd 🔑'],
  ])('reads %j as %j', async (content, secret) => {
    const path = join(directory, 'secret');
    await writeFile(path, content);

    expect(await resolveSecret({ kind: 'file', path }, KEY)).toBe(secret);
  });

  it('refuses a file that is not there, is empty, or is a folder', async () => {
    const absent = join(directory, 'absent');
    const empty = join(directory, 'empty');
    await writeFile(empty, '\n');

    const from = (path: string) => resolveSecret({ kind: 'file', path }, KEY);

    await expect(from(absent)).rejects.toMatchObject(
      unreadable(`cannot read ${absent} (ENOENT); create it readable, or correct the path`),
    );
    await expect(from(empty)).rejects.toMatchObject(
      unreadable(`${empty} is empty; put the secret into it`),
    );
    await expect(from(directory)).rejects.toMatchObject(
      unreadable(`cannot read ${directory} (EISDIR); create it readable, or correct the path`),
    );
  });
});

describe('resolveSecret from Secrets Manager', () => {
  const manager = mockClient(SecretsManagerClient);
  const ref = { kind: 'secretsmanager', arn: ARN } as const;

  beforeEach(() => {
    manager.reset();
  });

  it('asks for the ARN in the region of the ARN', async () => {
    manager.on(GetSecretValueCommand, { SecretId: ARN }).resolves({ SecretString: 's3cret' });

    expect(await resolveSecret(ref, KEY)).toBe('s3cret');

    const client = manager.commandCalls(GetSecretValueCommand)[0]
      ?.thisValue as SecretsManagerClient;
    expect(await client.config.region()).toBe('eu-central-1');
  });

  it.each([
    ['ResourceNotFoundException', 'create it, or correct the ARN'],
    [
      'AccessDeniedException',
      'allow secretsmanager:GetSecretValue on it, and kms:Decrypt on its key',
    ],
    [
      'CredentialsProviderError',
      'set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run under a role',
    ],
    ['TimeoutError', 'check credentials and network, then try again'],
  ])('explains %s', async (name, advice) => {
    manager.on(GetSecretValueCommand).rejects(Object.assign(new Error('not shown'), { name }));

    await expect(resolveSecret(ref, KEY)).rejects.toMatchObject(
      unreadable(`cannot read ${ARN} (${name}); ${advice}`),
    );
  });

  it('refuses a secret without text', async () => {
    manager.on(GetSecretValueCommand).resolves({ SecretBinary: Buffer.from('s3cret') });

    await expect(resolveSecret(ref, KEY)).rejects.toMatchObject(
      unreadable(`${ARN} holds no text; store the secret as plain text`),
    );
  });
});
