import { readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DEMO_NOW, startDemoFoundation } from '../../lib/cli/demo-foundation.ts';
import { runCommands, type TourStep, tourSteps } from './tour.ts';

const DOCUMENT = readFileSync(
  join(import.meta.dirname, '../../docs/self-hosting.md'),
  'utf8',
).split(/^(?=## )/m);

/** A section of docs/self-hosting.md, by its heading. */
export function sectionOf(heading: string): string {
  const section = DOCUMENT.find((text) => text.startsWith(`## ${heading}\n`));
  if (section === undefined) throw new Error(`docs/self-hosting.md has no section ${heading}`);
  return section;
}

/** The first block of a language in a section. */
export function blockOf(heading: string, language: string): string {
  const [, block] =
    new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 's').exec(sectionOf(heading)) ?? [];
  if (block === undefined) throw new Error(`${heading} has no block of ${language}`);
  return block;
}

/** A machine that docs/self-hosting.md is tried on: a home, the program in the path, and the sample foundation at the time of the demo. */
export interface SelfHost {
  /** `/var/lib/cf-audit-archive` of the document. */
  readonly home: string;
  /** Text of the document, as it is meant on this machine. */
  own(text: string): string;
  /** Commands of the document; what they print. @throws when one fails, or complains */
  run(commands: string, environment?: Readonly<Record<string, string>>): Promise<string>;
  /** Every step of a section, in its order; what each printed, beside what the document says. */
  runSection(
    heading: string,
    environment?: Readonly<Record<string, string>>,
  ): Promise<{ readonly printed: string; readonly written: string | undefined }[]>;
  stop(): Promise<void>;
}

export async function startSelfHost(
  replacements: Readonly<Record<string, string>> = {},
): Promise<SelfHost> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'self-hosting-')));
  const home = join(root, 'home');
  const bin = join(root, 'bin');
  await mkdir(home);
  await mkdir(bin);
  const program = join(bin, 'cf-audit-archive');
  const main = resolve(import.meta.dirname, '../../lib/cli/main.ts');
  await writeFile(
    program,
    `#!/bin/sh\nexec ${process.execPath} ${main} "$@" --now "\${NOW:-${DEMO_NOW.toISOString()}}"\n`,
  );
  await chmod(program, 0o755);
  const { foundation, client } = await startDemoFoundation();
  const meant = {
    '/usr/local/bin/cf-audit-archive': program,
    '/var/lib/cf-audit-archive': home,
    '/mnt/copy': join(root, 'copy'),
    'https://api.eu-1.example.org': foundation.apiUrl,
    ...replacements,
  };
  const own = (text: string): string =>
    Object.entries(meant).reduce((result, [from, to]) => result.replaceAll(from, to), text);
  const run: SelfHost['run'] = async (commands, environment = {}) => {
    const { stdout, stderr } = await runCommands(own(commands), root, {
      PATH: `${bin}:${process.env.PATH}`,
      SECRET: client.secret,
      ...environment,
    });
    if (stderr !== '') throw new Error(stderr);
    return stdout;
  };
  return {
    home,
    own,
    run,
    runSection: async (heading, environment) => {
      const done = [];
      for (const { commands, printed: written } of tourSteps(sectionOf(heading)) as TourStep[])
        done.push({ printed: await run(commands, environment), written: written?.trimEnd() });
      return done;
    },
    stop: async () => {
      await foundation.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}
