import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Account } from './signed-request.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** What a deployment is made of. */
const PARTS = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'serverless.yml',
  'infra',
  'lib',
  'functions',
];

/** The repository as an operator has it, beside a configuration of its own: nothing of a deployment is written into the work tree. */
export interface ServiceCopy {
  readonly directory: string;
  /** A program of the copy, such as `npm` or `osls`. @returns what it printed @throws Error with that, when it fails */
  run(program: string, ...args: string[]): Promise<string>;
  close(): Promise<void>;
}

export async function copyService(configuration: string, account: Account): Promise<ServiceCopy> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'stack-service-')));
  for (const part of PARTS) {
    await cp(join(ROOT, part), join(directory, part), { recursive: true });
  }
  await symlink(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
  await writeFile(join(directory, 'cf-audit-archive.yml'), configuration);
  const environment = {
    PATH: [join(directory, 'node_modules/.bin'), dirname(process.execPath), process.env.PATH].join(
      delimiter,
    ),
    HOME: directory,
    // osls takes the account from there like every tool of AWS; nothing of the caller's own.
    AWS_ENDPOINT_URL: account.endpoint,
    AWS_ACCESS_KEY_ID: account.accessKeyId,
    AWS_SECRET_ACCESS_KEY: account.secretAccessKey,
    AWS_REGION: account.region,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    SLS_NOTIFICATIONS_MODE: 'off',
  };
  return {
    directory,
    run: async (program, ...args) => {
      const child = spawn(program, args, {
        cwd: directory,
        env: environment,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const exit = new Promise<number | null>((resolve, reject) => {
        child.once('error', reject);
        child.once('close', resolve);
      });
      const [printed, complained, code] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        exit,
      ]);
      if (code === 0) return `${printed}${complained}`;
      throw new Error(`${program} ${args.join(' ')} ended with ${code}\n${printed}${complained}`);
    },
    close: () => rm(directory, { recursive: true, force: true }),
  };
}

/**
 * Take the alarms with metric math out of what `npm run package` has made, and nothing else.
 *
 * MiniStack's CloudFormation refuses `Metrics` of an alarm. AWS takes it: `AWS::CloudWatch::Alarm` has it, and cfn-lint checks it.
 *
 * @returns logical ids of what was taken out
 */
export async function withoutMetricMath({ directory }: ServiceCopy): Promise<string[]> {
  const file = join(directory, '.serverless/serverless-state.json');
  const state = JSON.parse(await readFile(file, 'utf8'));
  const resources: Record<string, { Type: string; Properties: object }> =
    state.service.provider.compiledCloudFormationTemplate.Resources;
  const taken = Object.entries(resources).flatMap(([id, { Type, Properties }]) =>
    Type === 'AWS::CloudWatch::Alarm' && 'Metrics' in Properties ? [id] : [],
  );
  for (const id of taken) delete resources[id];
  await writeFile(file, JSON.stringify(state));
  return taken;
}
