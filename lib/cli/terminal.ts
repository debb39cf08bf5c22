import { styleText } from 'node:util';

/** Where a command speaks: answers to `out`, everything else to `err`. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Whether `err` is a terminal, on which a line may be rewritten. */
  readonly interactive: boolean;
  /** Width of `out` in columns; Infinity when it is no terminal. */
  readonly width: number;
}

export const processTerminal = (): Terminal => ({
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  interactive: process.stderr.isTTY === true,
  // Some terminals say 0.
  width: (process.stdout.isTTY && process.stdout.columns) || Number.POSITIVE_INFINITY,
});

/** Bold on a terminal; plain with NO_COLOR and when piped. */
export const bold = (text: string): string => styleText('bold', text, { stream: process.stdout });
