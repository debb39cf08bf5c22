import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import { createS3Client } from '../../../lib/store/s3-client.ts';
import { freePort } from './free-port.ts';

const VERSION = '1.5.33';
const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };
const REGION = 'us-east-1';
const START_TIMEOUT_MS = 30_000;

/** A running MiniStack; other services of AWS answer at the same endpoint. */
export interface S3Server {
  readonly endpoint: string;
  /** Its folder of temporary files, those of functions too. */
  readonly directory: string;
  /** Made by the product's own factory; destroyed by `close`. */
  client(endpoint?: string): S3Client;
  createBucket(name: string, options?: { readonly objectLock?: boolean }): Promise<void>;
  close(): Promise<void>;
}

const program = (): string =>
  join(
    process.env.CF_AUDIT_ARCHIVE_CACHE || join(homedir(), '.cache', 'cf-audit-archive'),
    `ministack-${VERSION}`,
    'bin',
    'ministack',
  );

/**
 * Why a suite cannot run here, as a title for what it skips; undefined when it can.
 *
 * @throws Error instead where the conformance suites must run: with CI=true or CONFORMANCE=required
 */
export function s3ServerAbsence(): string | undefined {
  if (existsSync(program())) return undefined;
  const absence = `MiniStack ${VERSION} is not installed: run .ci/install-conformance`;
  if (process.env.CI === 'true' || process.env.CONFORMANCE === 'required') throw new Error(absence);
  // Titles of skipped suites are not shown when many files run.
  process.stderr.write(`skipped: ${absence}\n`);
  return absence;
}

/**
 * Start one on the loopback; its data are gone when it is closed. Throws where `s3ServerAbsence` says why.
 *
 * @param environment - further variables of its own, and of the functions that it runs
 */
export async function startS3Server(
  environment: Readonly<Record<string, string>> = {},
): Promise<S3Server> {
  const absence = s3ServerAbsence();
  if (absence !== undefined) throw new Error(absence);
  const directory = await mkdtemp(join(tmpdir(), 's3-server-'));
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const server = spawn(program(), {
    cwd: directory,
    // Its own environment: no credentials, no endpoints of the caller's.
    env: {
      // Functions run by the Node of the tests, whatever the machine's is.
      PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
      HOME: directory,
      TMPDIR: directory,
      BIND_HOST: '127.0.0.1', // its default is every interface
      GATEWAY_PORT: String(port),
      S3_PERSIST: '1',
      S3_DATA_DIR: join(directory, 's3'),
      STATE_DIR: join(directory, 'state'),
      LOG_LEVEL: 'ERROR',
      IOT_MTLS_ENABLED: '0', // or port 8883 of every interface is open
      ...environment,
    },
    stdio: 'ignore',
  });
  const clients: S3Client[] = [];
  const client = (at = endpoint): S3Client => {
    const made = createS3Client(
      { AWS_ENDPOINT_URL: at },
      { endpoint: at, region: REGION, credentials: CREDENTIALS },
    );
    clients.push(made);
    return made;
  };
  const close = async (): Promise<void> => {
    for (const made of clients) made.destroy();
    await stop(server);
    await rm(directory, { recursive: true, force: true });
  };

  try {
    await answering(endpoint, server);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    endpoint,
    directory,
    client,
    createBucket: async (Bucket, { objectLock = false } = {}) => {
      await client().send(
        new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: objectLock }),
      );
    },
    close,
  };
}

async function answering(endpoint: string, server: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline && server.exitCode === null) {
    const answer = await fetch(`${endpoint}/_ministack/health`).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(100);
  }
  throw new Error(`MiniStack did not start at ${endpoint} (exit code ${server.exitCode})`);
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exit = once(server, 'exit');
  server.kill('SIGTERM');
  const killer = setTimeout(() => server.kill('SIGKILL'), 3000);
  await exit;
  clearTimeout(killer);
}
