import type { Command } from 'commander';
import { readConfiguration } from '../config/read-configuration.ts';
import { signDigest } from '../digest/sign-digest.ts';
import { ArchiveError } from '../domain/errors.ts';
import { outcomeOf } from '../runs/outcome.ts';
import { rollQueryLog } from '../runs/roll-query-log.ts';
import { openSigner } from '../signing/open-signer.ts';
import { openObjectStore } from '../store/open-object-store.ts';
import { TOOL } from '../version.ts';
import { collect } from './collect.ts';
import { type DigestRun, digestExitCode, digestJson, digestLines } from './digest-report.ts';
import { clockFrom } from './instant-options.ts';
import { selectFoundations } from './select-foundations.ts';
import type { Terminal } from './terminal.ts';

interface DigestFlags {
  readonly config: string;
  readonly foundation?: readonly string[];
  readonly now?: string;
  readonly json?: boolean;
}

export function addDigestCommand(
  program: Command,
  terminal: Terminal,
  exit: (code: number) => void,
): void {
  program
    .command('digest')
    .description('sign what was written since the last digest: one link per foundation and day')
    .option('--config <file>', 'configuration', 'cf-audit-archive.yml')
    .option('--foundation <name>', 'only this foundation (repeatable)', collect)
    .option('--now <instant>', 'act as if it were then')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Example:
  cf-audit-archive digest --config /etc/cf-audit-archive.yml

Days of the query log that are over are rolled into one file each before.

Prints the SHA-256 of each foundation's newest digest. Keep it somewhere else, such as in
a ticket or a log: verify --head then shows at once when links were cut off.

JSON: {"public_key": {"kid", "pem", "file"}, "foundations": [{"name",
"result": "signed" | "already", "head": {"day", "key", "sha256"}, "objects",
"repaired": day or null, "previous_day": day or null, "refused": [{"key", "problem"}],
"rolled": [{"day", "key", "questions"}], "error": {"code", "message"} or null}]}`,
    )
    .action(async (flags: DigestFlags) => {
      exit(await digest(flags, terminal));
    });
}

async function digest(flags: DigestFlags, terminal: Terminal): Promise<number> {
  const now = clockFrom(flags.now);
  const configuration = await readConfiguration(flags.config);
  if (configuration.signing === undefined) {
    throw new ArchiveError(
      'CONFIG_INVALID',
      `${flags.config}: signing is missing: nothing can be signed; write { ed25519: { file: PATH } } or { kms: ARN }`,
    );
  }
  const foundations = selectFoundations(configuration, flags.foundation);
  const store = await openObjectStore(configuration.archiveUrl, process.env);
  await store.check();
  const signer = await openSigner(configuration.signing);
  if (signer.created) {
    terminal.err(
      `made a signing key; whoever verifies needs its public half, ${signer.publicKeyFile}:\n${signer.publicPem}`,
    );
  }
  const runs: DigestRun[] = [];
  for (const { name } of foundations) {
    // Before the digest, so that it names what was rolled; a day that cannot be rolled is no reason to sign nothing.
    const rolled = await outcomeOf(rollQueryLog(store, name, now()));
    const signed = await outcomeOf(signDigest({ store, signer, now, tool: TOOL }, name));
    runs.push({
      name,
      rolled: rolled.value ?? [],
      ...(rolled.error && { rollError: rolled.error }),
      ...(signed.value && { outcome: signed.value }),
      ...(signed.error && { error: signed.error }),
    });
  }
  if (flags.json) terminal.out(`${JSON.stringify(digestJson(runs, signer), null, 2)}\n`);
  else terminal.out(runs.flatMap(digestLines).join(''));
  for (const run of runs) {
    for (const error of [run.rollError, run.error]) {
      if (error && !flags.json) terminal.err(`${run.name}: ${error.message}\n`);
    }
  }
  return digestExitCode(runs);
}
