#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { codeCacheDirectory } from './user-directory.ts';

// A reader that has seen enough (`| head`) closes the pipe. What the program does is worth finishing; only its words are not heard any more.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

// Half of a short call would be compiling. Works for what is imported after it, and does nothing where the folder cannot be written.
enableCompileCache(codeCacheDirectory());
const [{ run }, { processTerminal }] = await Promise.all([
  import('./program.ts'),
  import('./terminal.ts'),
]);

process.exitCode = await run(process.argv.slice(2), processTerminal());
