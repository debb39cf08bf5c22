import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { packageTemplate, type Template } from '../../../infra/package-template.ts';
import { EXAMPLE_FILE } from '../../../infra/stack-file.ts';

const VERSION = '1.58.0';

/** osls says of a resource that it needs another, where a reference says so already. */
const CAUSED_BY_OSLS = 'W3005';

const program = join(
  process.env.CF_AUDIT_ARCHIVE_CACHE || join(homedir(), '.cache', 'cf-audit-archive'),
  `cfn-lint-${VERSION}`,
  'bin',
  'cfn-lint',
);

/** @throws Error instead where the conformance suites must run: with CI=true or CONFORMANCE=required */
function absenceOfLinter(): string | undefined {
  if (existsSync(program)) return undefined;
  const absence = `cfn-lint ${VERSION} is not installed: run .ci/install-conformance`;
  if (process.env.CI === 'true' || process.env.CONFORMANCE === 'required') throw new Error(absence);
  process.stderr.write(`skipped: ${absence}\n`);
  return absence;
}

const absence = absenceOfLinter();
const suite = absence === undefined ? describe : describe.skip;

suite(absence ?? 'cfn-lint', () => {
  let directory: string;
  let template: Template;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'cfn-lint-'));
    const root = join(import.meta.dirname, '../../..');
    template = await packageTemplate(join(root, EXAMPLE_FILE), new Date('2026-11-21T12:00:00Z'));
  }, 120_000);
  afterAll(() => rm(directory, { recursive: true }));

  const lint = async (linted: Template): Promise<string> => {
    const file = join(directory, 'template.json');
    await writeFile(file, JSON.stringify(linted));
    const flags = ['--ignore-checks', CAUSED_BY_OSLS, '--regions', 'eu-central-1'];
    const { stdout } = await promisify(execFile)(program, [...flags, '--template', file]).catch(
      (failure) => failure as { stdout: string },
    );
    return stdout;
  };

  it('finds nothing in the template', async () => {
    expect(await lint(template)).toBe('');
  });

  it('finds a property that CloudFormation does not know', async () => {
    const { ArchiveDayQueue, ...Resources } = structuredClone(template.Resources);
    Object.assign(ArchiveDayQueue?.Properties ?? {}, { VisibilityTimeOut: 1 });

    expect(
      await lint({
        ...template,
        Resources: { ...Resources, ...(ArchiveDayQueue && { ArchiveDayQueue }) },
      }),
    ).toContain('VisibilityTimeOut');
  });
});
