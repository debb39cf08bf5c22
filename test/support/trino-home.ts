import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export const TRINO_VERSION = '476';
const OLDEST_JAVA = 24;
const DEBIAN_JVMS = '/usr/lib/jvm';

/** What is needed to start a Trino. */
export interface TrinoHome {
  /** Folder of the unpacked server, with `lib/` and `plugin/`. */
  readonly directory: string;
  /** Path of the program `java`. */
  readonly java: string;
}

/** Where Trino is, or in words what is missing and how to get it. */
export function findTrino(): TrinoHome | { readonly missing: string } {
  const cache = process.env.CF_AUDIT_ARCHIVE_CACHE || join(homedir(), '.cache', 'cf-audit-archive');
  const directory = join(cache, `trino-${TRINO_VERSION}`);
  if (!existsSync(join(directory, 'complete'))) {
    return { missing: `Trino ${TRINO_VERSION} is not installed: run .ci/install-conformance` };
  }
  const java = findJava();
  return java === undefined
    ? {
        missing: `Trino ${TRINO_VERSION} needs JDK ${OLDEST_JAVA} or later, and neither JAVA_HOME nor ${DEBIAN_JVMS} has one: install one, or set JAVA_HOME`,
      }
    : { directory, java };
}

/**
 * Why a suite cannot run here, as a title for what it skips; undefined when it can.
 *
 * @throws Error instead where the conformance suites must run: with CI=true or CONFORMANCE=required
 */
export function trinoAbsence(): string | undefined {
  const found = findTrino();
  if (!('missing' in found)) return undefined;
  if (process.env.CI === 'true' || process.env.CONFORMANCE === 'required') {
    throw new Error(found.missing);
  }
  process.stderr.write(`skipped: ${found.missing}\n`);
  return found.missing;
}

function findJava(): string | undefined {
  const debian = existsSync(DEBIAN_JVMS)
    ? readdirSync(DEBIAN_JVMS).map((name) => join(DEBIAN_JVMS, name))
    : [];
  return [process.env.JAVA_HOME ?? '', ...debian]
    .filter((home) => home !== '' && javaVersion(home) >= OLDEST_JAVA)
    .map((home) => join(home, 'bin', 'java'))
    .find((java) => existsSync(java));
}

/** The feature release of the JDK in a folder, such as 25; 0 where there is none. */
function javaVersion(home: string): number {
  try {
    const release = readFileSync(join(home, 'release'), 'utf8');
    return Number(/^JAVA_VERSION="(\d+)/m.exec(release)?.[1] ?? 0);
  } catch {
    return 0;
  }
}
