import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const HOW =
  'there is no python3 with the package cryptography: run .ci/install-conformance, or pip install cryptography';

/** A Python that has `cryptography`: the one of the conformance suites, or the machine's own. Undefined where there is none. */
export function pythonWithCryptography(): string | undefined {
  const cache = process.env.CF_AUDIT_ARCHIVE_CACHE ?? join(homedir(), '.cache', 'cf-audit-archive');
  const candidates = [...environments(cache), 'python3'];
  const found = candidates.find(
    (python) => spawnSync(python, ['-c', 'import cryptography']).status === 0,
  );
  if (found !== undefined) return found;
  if (process.env.CI === 'true' || process.env.CONFORMANCE === 'required') throw new Error(HOW);
  process.stderr.write(`skipped: ${HOW}\n`);
  return undefined;
}

function environments(cache: string): string[] {
  try {
    return readdirSync(cache).map((name) => join(cache, name, 'bin', 'python'));
  } catch {
    return [];
  }
}
