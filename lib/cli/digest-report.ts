import type { DigestOutcome } from '../digest/sign-digest.ts';
import type { ArchiveError } from '../domain/errors.ts';
import type { FoundationName } from '../domain/foundation.ts';
import type { RolledDay } from '../query-log/roll-days.ts';
import type { OpenedSigner } from '../signing/open-signer.ts';
import { EXIT_BAD, EXIT_OK, exitCodeOf } from './exit-code.ts';
import { plural } from './words.ts';

/** How the signing of one foundation ended. */
export interface DigestRun {
  readonly name: FoundationName;
  readonly outcome?: DigestOutcome;
  readonly error?: ArchiveError;
  /** Days of the query log that were rolled before, and why not all of them. */
  readonly rolled?: readonly RolledDay[];
  readonly rollError?: ArchiveError;
}

/** A line for the link, and one for whatever else is worth knowing; none for an error. */
export function digestLines({ name, outcome, rolled = [] }: DigestRun): string[] {
  const rolledLines = rolled.map(
    ({ dt, questions }) => `${name} ${dt} query log rolled, ${plural(questions, 'question')}\n`,
  );
  if (outcome === undefined) return rolledLines;
  const { head, kind, objects, repaired, previousDay, refused } = outcome;
  const done =
    kind === 'already'
      ? 'is signed already, nothing changed'
      : repaired === head.day
        ? 'was left unsigned, signed now'
        : `signed ${plural(objects, 'new object')}`;
  return [
    ...rolledLines,
    `${name} ${head.day} ${done}; head ${head.sha256}\n`,
    ...(repaired !== null && repaired !== head.day
      ? [`${name}: the digest of ${repaired} was left unsigned, signed now\n`]
      : []),
    ...(isGap(previousDay, head.day) && kind === 'signed'
      ? [`${name}: no digest was made between ${previousDay} and ${head.day}; that gap stays\n`]
      : []),
    ...refused.map(({ key, problem }) => `${name}: NOT signed: ${key}: ${problem}\n`),
  ];
}

const isGap = (previous: string | null, day: string): boolean =>
  previous !== null && Date.parse(day) - Date.parse(previous) > 86_400_000;

/** The stable keys of `digest --json`. */
export function digestJson(runs: readonly DigestRun[], signer: OpenedSigner): unknown {
  return {
    public_key: { kid: signer.kid, pem: signer.publicPem, file: signer.publicKeyFile ?? null },
    foundations: runs.map(({ name, outcome, error, rolled = [], rollError }) => ({
      name,
      result: outcome?.kind ?? null,
      head: outcome
        ? { day: outcome.head.day, key: outcome.head.key, sha256: outcome.head.sha256 }
        : null,
      objects: outcome?.objects ?? 0,
      repaired: outcome?.repaired ?? null,
      previous_day: outcome?.previousDay ?? null,
      refused: outcome?.refused ?? [],
      rolled: rolled.map(({ dt, key, questions }) => ({ day: dt, key, questions })),
      error: errorJson(error ?? rollError),
    })),
  };
}

const errorJson = (error: ArchiveError | undefined) =>
  error ? { code: error.code, message: error.message } : null;

export function digestExitCode(runs: readonly DigestRun[]): number {
  return Math.max(
    EXIT_OK,
    ...runs.map(({ outcome, error, rollError }) => {
      const failed = error ?? rollError;
      if (failed) return exitCodeOf(failed);
      return outcome && outcome.refused.length > 0 ? EXIT_BAD : EXIT_OK;
    }),
  );
}
