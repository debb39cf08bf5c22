import type { Terminal } from '../../lib/cli/terminal.ts';

/** A terminal that keeps what it was told. */
export interface CapturedTerminal extends Terminal {
  readonly stdout: () => string;
  readonly stderr: () => string;
}

export function aTerminal(over: Partial<Terminal> = {}): CapturedTerminal {
  let stdout = '';
  let stderr = '';
  return {
    out: (text) => {
      stdout += text;
    },
    err: (text) => {
      stderr += text;
    },
    interactive: false,
    width: Number.POSITIVE_INFINITY,
    stdout: () => stdout,
    stderr: () => stderr,
    ...over,
  };
}
