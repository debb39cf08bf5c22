import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './s3-server/free-port.ts';
import { findTrino, type TrinoHome } from './trino-home.ts';
import { runStatement, type TrinoAnswer, type TrinoStatementOptions } from './trino-statement.ts';

const START_TIMEOUT_MS = 120_000;

/** Where the one catalogue, `awsdatacatalog`, has tables and files. */
export type TrinoOptions =
  | {
      /** What Trino knows as `local:///`: an archive in its sub-folder `archive` is at `local:///archive/`. Definitions of tables go into `trino-metastore` in it. */
      readonly folder: string;
    }
  | {
      /** Glue and S3 at one endpoint, as Athena has them. */
      readonly aws: {
        readonly endpoint: string;
        readonly region: string;
        readonly accessKeyId: string;
        readonly secretAccessKey: string;
      };
    };

/** A running Trino. */
export interface TrinoServer {
  readonly url: string;
  /** @throws TrinoError when Trino says that the statement failed */
  query(sql: string, options?: TrinoStatementOptions): Promise<TrinoAnswer>;
  stop(): Promise<void>;
}

/**
 * Start Trino on a free port of the loopback; ready for queries after about 12 s.
 *
 * @throws Error where `findTrino` says what is missing
 */
export async function startTrino(options: TrinoOptions): Promise<TrinoServer> {
  const home = findTrino();
  if ('missing' in home) throw new Error(home.missing);
  const directory = await mkdtemp(join(tmpdir(), 'trino-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  if ('folder' in options) {
    await mkdir(join(options.folder, 'trino-metastore'), { recursive: true });
  }
  const catalogue =
    'folder' in options ? catalogueProperties(options.folder) : overAws(options.aws);
  await writeConfiguration(directory, catalogue, home, port);
  const log = join(directory, 'server.log');
  const output = await open(log, 'w');
  const server = spawn(home.java, javaArguments(directory, home), {
    cwd: directory,
    env: { PATH: process.env.PATH, HOME: directory, TMPDIR: directory, LANG: 'C.UTF-8' },
    stdio: ['ignore', output.fd, output.fd],
  });
  await output.close();
  // A run of tests that ends early must not leave a server behind.
  const killer = (): void => void server.kill('SIGKILL');
  process.once('exit', killer);
  const end = async (): Promise<void> => {
    process.off('exit', killer);
    await stop(server);
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await answering(url, server, log);
  } catch (error) {
    await end();
    throw error;
  }
  return { url, query: (sql, options) => runStatement(url, sql, options), stop: end };
}

const properties = (values: Readonly<Record<string, string | number | boolean>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

/** The catalogue over a folder, as a file of properties. */
export const catalogueProperties = (folder: string): string =>
  properties({
    'connector.name': 'hive',
    'hive.metastore': 'file',
    'hive.metastore.catalog.dir': 'local:///trino-metastore',
    'fs.native-local.enabled': true,
    'local.location': folder,
    'hive.partition-projection-enabled': true,
    'hive.ignore-absent-partitions': true,
  });

/** The catalogue as Athena's own is. @see https://trino.io/docs/476/object-storage/metastores.html#aws-glue-catalog-configuration-properties */
const overAws = ({
  endpoint,
  region,
  accessKeyId,
  secretAccessKey,
}: Extract<TrinoOptions, { aws: unknown }>['aws']): string =>
  properties({
    'connector.name': 'hive',
    'hive.metastore': 'glue',
    'hive.metastore.glue.region': region,
    'hive.metastore.glue.endpoint-url': endpoint,
    'hive.metastore.glue.aws-access-key': accessKeyId,
    'hive.metastore.glue.aws-secret-key': secretAccessKey,
    'hive.metastore.glue.default-warehouse-dir': 's3://none/warehouse',
    'hive.table-statistics-enabled': false,
    'hive.partition-projection-enabled': true,
    'fs.native-s3.enabled': true,
    's3.endpoint': endpoint,
    's3.region': region,
    's3.path-style-access': true,
    's3.aws-access-key': accessKeyId,
    's3.aws-secret-key': secretAccessKey,
  });

async function writeConfiguration(
  directory: string,
  catalogue: string,
  home: TrinoHome,
  port: number,
): Promise<void> {
  await mkdir(join(directory, 'etc', 'catalog'), { recursive: true });
  await writeFile(
    join(directory, 'config.properties'),
    properties({
      coordinator: true,
      'node-scheduler.include-coordinator': true,
      'http-server.http.port': port,
      'discovery.uri': `http://127.0.0.1:${port}`,
      // With `static`, SELECT 1 answers seconds before tables can be read.
      'catalog.management': 'dynamic',
      'plugin.dir': join(home.directory, 'plugin'),
      'web-ui.enabled': false,
      'query.max-memory': '350MB',
      'query.max-memory-per-node': '350MB',
      'memory.heap-headroom-per-node': '150MB',
    }),
  );
  await writeFile(join(directory, 'etc', 'catalog', 'awsdatacatalog.properties'), catalogue);
  await writeFile(join(directory, 'log.properties'), 'io.trino=WARN\nio.airlift=WARN\n');
}

const javaArguments = (directory: string, home: TrinoHome): string[] => [
  '-server',
  '-Xmx768M',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-XX:+ExitOnOutOfMemoryError',
  '-XX:-OmitStackTraceInFastThrow',
  '-Djdk.attach.allowAttachSelf=true',
  '-Djdk.nio.maxCachedBufferSize=2000000',
  '-Dfile.encoding=UTF-8',
  '-Duser.timezone=UTC',
  '--sun-misc-unsafe-memory-access=allow',
  '--enable-native-access=ALL-UNNAMED',
  `-Djava.io.tmpdir=${directory}`,
  '-Dnode.environment=ci',
  '-Dnode.id=ci-1',
  `-Dnode.data-dir=${directory}`,
  '-Dnode.bind-ip=127.0.0.1',
  '-Dnode.internal-address=127.0.0.1',
  `-Dconfig=${join(directory, 'config.properties')}`,
  `-Dlog.levels-file=${join(directory, 'log.properties')}`,
  '-cp',
  join(home.directory, 'lib', '*'),
  'io.trino.server.TrinoServer',
];

async function answering(url: string, server: ChildProcess, log: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline && server.exitCode === null && server.signalCode === null) {
    try {
      await runStatement(url, 'SHOW SCHEMAS');
      return;
    } catch {
      await sleep(200);
    }
  }
  const said = (await readFile(log, 'utf8')).split('\n').slice(-30).join('\n');
  throw new Error(`Trino did not start at ${url} (exit code ${server.exitCode}):\n${said}`);
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exit = once(server, 'exit');
  // It holds nothing worth an orderly end, which takes seconds.
  server.kill('SIGKILL');
  await exit;
}
