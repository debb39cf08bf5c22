import { resolve } from 'node:path';
import type { Command } from 'commander';
import { DEFAULT_CONFIGURATION_FILE, readConfiguration } from '../config/read-configuration.ts';
import { type TrustedKeys, trustKeys } from '../digest/check-signature.ts';
import { verifyArchive } from '../digest/verify-archive.ts';
import type { FoundationProgress } from '../digest/verify-foundation.ts';
import { parseArchiveUrl } from '../domain/archive-url.ts';
import { ArchiveError } from '../domain/errors.ts';
import { type FoundationName, foundationNameSchema } from '../domain/foundation.ts';
import { DuckDBParts } from '../parquet/duckdb-parts.ts';
import { DuckDBQuestionDays } from '../parquet/question-days.ts';
import { withWorkDirectory } from '../runs/work-directory.ts';
import { readConfiguredPublicKeys } from '../signing/open-signer.ts';
import { readPublicKeyFile } from '../signing/public-key-file.ts';
import { openObjectStore } from '../store/open-object-store.ts';
import { blamingArchiveFlag } from './archive-flag.ts';
import { collect } from './collect.ts';
import { EXIT_BAD, EXIT_OK } from './exit-code.ts';
import { parseInstant } from './instant-options.ts';
import { Progress } from './progress.ts';
import type { Terminal } from './terminal.ts';
import { verdictJson, verdictLines } from './verify-report.ts';
import { bytesText, countText } from './words.ts';

interface VerifyFlags {
  readonly config?: string;
  readonly archive?: string;
  readonly publicKey: readonly string[];
  readonly head: readonly string[];
  readonly foundation?: readonly string[];
  readonly now?: string;
  readonly json?: boolean;
}

export function addVerifyCommand(
  program: Command,
  terminal: Terminal,
  exit: (code: number) => void,
): void {
  program
    .command('verify')
    .description('walk digests, manifests, runs and parts, and name whatever is wrong')
    .option('--config <file>', `configuration (default: "${DEFAULT_CONFIGURATION_FILE}")`)
    .option('--archive <url>', 'verify this archive: file:PATH or s3://BUCKET')
    .option(
      '--public-key <file>',
      'trust this key and no other: PEM or JWK; repeatable',
      collect,
      [],
    )
    .option('--head <sha256>', 'this digest must be in the chain; repeatable', collect, [])
    .option('--foundation <name>', 'only this foundation', collect)
    .option('--now <instant>', 'judge as of then')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Example, a copied folder and one public key:
  cf-audit-archive verify --archive file:./copy --public-key signing.pub.pem

With --archive and --public-key it needs no configuration. Such a copy is judged as of the
newest instant it carries, unless --now is given. docs/verify.md has every rule.

JSON: {"ok", "as_of": instant or null, "findings": [{"kind", "foundation", "day", "object", "meaning"}],
"remarks": [the same], "foundations": [{"name", "head": {"day", "key", "sha256"} or null,
"digests", "days", "objects", "bytes", "rows"}]}`,
    )
    .action(async (flags: VerifyFlags) => {
      exit(await verify(flags, terminal));
    });
}

async function verify(flags: VerifyFlags, terminal: Terminal): Promise<number> {
  const now = flags.now === undefined ? undefined : parseInstant('--now', flags.now);
  const heads = flags.head.map(parseHead);
  const only = parseFoundation(flags.foundation);
  const subject = await subjectOf(flags);
  const store = await openObjectStore(subject.archiveUrl, process.env);
  const progress = new Progress(terminal);
  const verdict = await withWorkDirectory((workDirectory) =>
    verifyArchive({
      store,
      parts: new DuckDBParts({ workDirectory }),
      questionDays: new DuckDBQuestionDays(workDirectory),
      keys: subject.keys,
      workDirectory,
      heads,
      expected: subject.expected,
      only,
      // Without a configuration it is a copy, of which nobody knows how old it is.
      now: now ?? (subject.isCopy ? undefined : new Date()),
      onProgress: (at) => progress.update(() => progressLine(at)),
    }),
  )
    .catch((error) => {
      throw flags.archive === undefined ? error : blamingArchiveFlag(error);
    })
    .finally(() => progress.clear());
  if (flags.json) terminal.out(`${JSON.stringify(verdictJson(verdict), null, 2)}\n`);
  else terminal.out(`${verdictLines(verdict, terminal.width).join('\n')}\n`);
  return verdict.findings.length === 0 ? EXIT_OK : EXIT_BAD;
}

interface Subject {
  readonly archiveUrl: string;
  readonly keys: TrustedKeys;
  readonly expected: readonly FoundationName[];
  readonly isCopy: boolean;
}

/** What is verified, and with which keys: from the flags, and from the configuration where they leave something open. */
async function subjectOf({ archive, publicKey, config }: VerifyFlags): Promise<Subject> {
  const given = (await Promise.all(publicKey.map(readPublicKeyFile))).flat();
  const archiveUrl = archive === undefined ? undefined : parseArchive(archive);
  if (archiveUrl !== undefined && given.length > 0 && config === undefined) {
    return { archiveUrl, keys: trustKeys(given), expected: [], isCopy: true };
  }
  const file = config ?? DEFAULT_CONFIGURATION_FILE;
  const configuration = await readConfiguration(file).catch((error) => {
    const absent = config === undefined && Object(error.cause).code === 'ENOENT';
    throw absent ? lacking(archive, publicKey, error) : error;
  });
  if (given.length === 0 && configuration.signing === undefined) {
    throw new ArchiveError(
      'CONFIG_INVALID',
      `${file}: signing is missing: there is no key to verify with; add it, or name the public key with --public-key FILE`,
    );
  }
  const keys =
    given.length > 0 || configuration.signing === undefined
      ? given
      : await readConfiguredPublicKeys(configuration.signing);
  return {
    archiveUrl: archiveUrl ?? configuration.archiveUrl,
    keys: trustKeys(keys),
    expected: configuration.foundations.map(({ name }) => name),
    isCopy: false,
  };
}

/** What one flag of two leaves open, where no configuration says it. */
function lacking(
  archive: string | undefined,
  publicKey: readonly string[],
  cause: ArchiveError,
): ArchiveError {
  if (archive !== undefined) {
    return new ArchiveError(
      'USAGE_INVALID',
      `--archive ${archive}: there is no key to verify it with: name the public key with --public-key FILE, or a configuration with --config FILE`,
      { cause },
    );
  }
  if (publicKey.length === 0) return cause;
  return new ArchiveError(
    'USAGE_INVALID',
    '--public-key: there is no archive to verify with it: name one with --archive URL, or a configuration with --config FILE',
    { cause },
  );
}

function parseArchive(text: string): string {
  const location = parseArchiveUrl(text);
  if (location.kind === 'invalid') {
    throw new ArchiveError('USAGE_INVALID', `--archive: ${location.problem}`);
  }
  return location.kind === 'folder' ? `file:${resolve(location.path)}` : text;
}

function parseHead(text: string): string {
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase();
  throw new ArchiveError('USAGE_INVALID', `--head ${text}: write the 64 hex digits of a SHA-256`);
}

function parseFoundation([text, ...more]: readonly string[] = []): FoundationName | undefined {
  if (text === undefined) return undefined;
  if (more.length > 0) {
    throw new ArchiveError(
      'USAGE_INVALID',
      '--foundation stands more than once: name one, or none to verify all',
    );
  }
  const parsed = foundationNameSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new ArchiveError(
    'USAGE_INVALID',
    `--foundation ${text}: ${parsed.error.issues[0]?.message}`,
  );
}

/** `eu-1: 1,234 of 73,000 objects, at 2026-03-01, 1.2 GB` */
const progressLine = ({ foundation, day, objects, ofObjects, bytes }: FoundationProgress): string =>
  `${foundation}: ${countText(objects)} of ${countText(ofObjects)} objects, at ${day}, ${bytesText(bytes)}`;
