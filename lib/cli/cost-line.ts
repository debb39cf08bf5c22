import type { Terminal } from './terminal.ts';
import { bytesText } from './words.ts';

/** `scanned 1.2 GB, 0.006 USD`; undefined when it cost nothing. */
export const costLine = (scannedBytes: number, dollars: number): string | undefined =>
  dollars > 0 ? `scanned ${bytesText(scannedBytes)}, ${dollarsText(dollars)} USD` : undefined;

/** Cents; of less than a cent two digits. */
const dollarsText = (dollars: number): string =>
  dollars.toLocaleString(
    'en-US',
    dollars < 0.01
      ? { maximumSignificantDigits: 2 }
      : { minimumFractionDigits: 2, maximumFractionDigits: 2 },
  );

/** Say on the standard error what an answer cost that is read to its end. */
export function printCost(
  answer: { readonly scannedBytes: () => number; readonly dollars: () => number },
  terminal: Terminal,
): void {
  const line = costLine(answer.scannedBytes(), answer.dollars());
  if (line !== undefined) terminal.err(`${line}\n`);
}
