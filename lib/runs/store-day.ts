import type { Day } from '../domain/day.ts';
import { ArchiveError } from '../domain/errors.ts';
import { openParts } from './open-parts.ts';
import { type FoundationRun, type RunOptions, runFoundation } from './run-foundation.ts';
import { withWorkDirectory } from './work-directory.ts';

export interface StoredDayRun {
  readonly run: FoundationRun;
  /** Why the day must be tried again: also when only the time was over, so that it is tried while what was read still lies here. */
  readonly failure?: ArchiveError;
  /** Why there was nothing to do: the day is not closed yet, or no longer kept. */
  readonly notNow?: string;
}

/** A run of one foundation that reads one day only. */
export async function storeDay(
  options: Omit<RunOptions, 'openParts'> & { readonly day: Day },
): Promise<StoredDayRun> {
  const { store, remainingMs } = options;
  const run = await withWorkDirectory((workDirectory) =>
    runFoundation({ ...options, openParts: () => openParts(store, workDirectory, remainingMs) }),
  );
  if (run.kind === 'refused') {
    const { error } = run;
    return error.code === 'USAGE_INVALID'
      ? { run, notNow: error.message }
      : { run, failure: error };
  }
  const result = run.days.find(({ day }) => day === options.day);
  switch (result?.kind) {
    case 'failed':
      return { run, failure: new ArchiveError(result.code, result.message) };
    case 'postponed': {
      const over = `${result.day} takes longer than one run; the next one goes on`;
      return { run, failure: new ArchiveError('DEADLINE_REACHED', over) };
    }
    default:
      return { run };
  }
}
