/** Everything that is deployed, below .serverless: `npm run package`. No account and no network; CF_AUDIT_ARCHIVE_CONFIG names another configuration than cf-audit-archive.yml. */
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { STACK_FILE } from './stack-file.ts';

run('infra/render-stack.ts');
const { architecture } = JSON.parse(await readFile(STACK_FILE, 'utf8'));
run('infra/build-functions.ts', { LAMBDA_ARCH: architecture === 'arm64' ? 'arm64' : 'x64' });
run('node_modules/osls/bin/serverless.js', {}, ['package']);

function run(
  program: string,
  environment: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
): void {
  const { status } = spawnSync(process.execPath, [program, ...args], {
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  if (status !== 0) process.exit(status ?? 1);
}
