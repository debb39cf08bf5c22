import { readFile } from 'node:fs/promises';
import { ArchiveError } from '../domain/errors.ts';
import type { SecretRef } from './secret-ref.ts';

/**
 * Fetch a secret, now.
 *
 * One newline at the end of a file is the editor's and is dropped; everything else is taken as it stands.
 *
 * @param key - where the reference stands in the configuration, such as `foundations[0].client_secret`; for messages
 * @throws ArchiveError SECRET_UNREADABLE, which names key and source and never a value; an empty secret is unreadable, too
 */
export async function resolveSecret(
  ref: SecretRef,
  key: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<string> {
  const refuse = (problem: string, cause?: unknown): ArchiveError =>
    new ArchiveError('SECRET_UNREADABLE', `${key}: ${problem}`, { cause });

  switch (ref.kind) {
    case 'env': {
      const value = environment[ref.name];
      if (value === undefined)
        throw refuse(`environment variable ${ref.name} is not set; set it, or correct the name`);
      if (value === '')
        throw refuse(`environment variable ${ref.name} is empty; put the secret into it`);
      return value;
    }
    case 'file': {
      const content = await readFile(ref.path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        throw refuse(
          `cannot read ${ref.path} (${error.code}); create it readable, or correct the path`,
          error,
        );
      });
      const value = content.replace(/\r?\n$/, '');
      if (value === '') throw refuse(`${ref.path} is empty; put the secret into it`);
      return value;
    }
    case 'secretsmanager': {
      const value = await fetchSecret(ref.arn).catch((error: Error) => {
        throw refuse(`cannot read ${ref.arn} (${error.name}); ${adviceFor(error.name)}`, error);
      });
      if (!value) throw refuse(`${ref.arn} holds no text; store the secret as plain text`);
      return value;
    }
  }
}

async function fetchSecret(arn: string): Promise<string | undefined> {
  // Loaded when needed: on a laptop it rarely is, and loading takes longer than many a command.
  const { GetSecretValueCommand, SecretsManagerClient } = await import(
    '@aws-sdk/client-secrets-manager'
  );
  const region = arn.split(':')[3];
  const client = new SecretsManagerClient(region ? { region } : {});
  try {
    return (await client.send(new GetSecretValueCommand({ SecretId: arn }))).SecretString;
  } finally {
    client.destroy();
  }
}

function adviceFor(name: string): string {
  switch (name) {
    case 'ResourceNotFoundException':
      return 'create it, or correct the ARN';
    case 'AccessDeniedException':
    case 'DecryptionFailure':
      return 'allow secretsmanager:GetSecretValue on it, and kms:Decrypt on its key';
    case 'CredentialsProviderError':
      return 'set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run under a role';
    default:
      return 'check credentials and network, then try again';
  }
}
