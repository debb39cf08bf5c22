import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Terminal } from './terminal.ts';

export function addDemoCommand(
  program: Command,
  terminal: Terminal,
  exit: (code: number) => void,
): void {
  program
    .command('demo')
    .description('see it work: sample foundation → archive → questions; no account, no network')
    .option('--directory <folder>', 'where archive and configuration go, and stay', 'demo')
    .addHelpText('after', '\nExample:\n  cf-audit-archive demo --directory /tmp/demo')
    .action(async ({ directory }: { directory: string }) => {
      // Loaded on demand: no other command needs the sample foundation.
      const { runDemo } = await import('./demo.ts');
      exit(await runDemo(resolve(directory), terminal));
    });
}
