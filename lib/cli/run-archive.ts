import type { FoundationContext } from '../archive/foundation-context.ts';
import type { Configuration } from '../config/configuration.ts';
import type { Day } from '../domain/day.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import { openParts } from '../runs/open-parts.ts';
import { type FoundationRun, runFoundation } from '../runs/run-foundation.ts';
import { dayWords } from './archive-report.ts';
import { Progress } from './progress.ts';
import { selectFoundations } from './select-foundations.ts';
import type { Terminal } from './terminal.ts';
import { countText } from './words.ts';

export interface ArchiveRunOptions {
  readonly configuration: Configuration;
  readonly store: ObjectStore;
  readonly terminal: Terminal;
  readonly now: () => Date;
  readonly workDirectory: string;
  /** Names; undefined: all. */
  readonly foundations?: readonly string[] | undefined;
  readonly day?: Day | undefined;
  readonly maxTimeMs: number;
}

/** Archive each selected foundation in turn; what ends one of them does not end the others. */
export async function runArchive(options: ArchiveRunOptions): Promise<FoundationRun[]> {
  const ends = performance.now() + options.maxTimeMs;
  const runs: FoundationRun[] = [];
  for (const foundation of selectFoundations(options.configuration, options.foundations)) {
    const progress = new Progress(options.terminal);
    try {
      const { store, now, day, workDirectory } = options;
      const remainingMs = () => ends - performance.now();
      runs.push(
        await runFoundation({
          foundation,
          store,
          openParts: () => openParts(store, workDirectory, remainingMs),
          now,
          remainingMs,
          day,
          watch: progressOf(progress, foundation.name),
        }),
      );
    } finally {
      progress.clear();
    }
  }
  return runs;
}

/** `eu-1: day 3 of 31, 2026-03-01: 120,000 events read, 34,512 events/s` */
function progressOf(
  progress: Progress,
  foundation: string,
): Pick<FoundationContext, 'onDays' | 'onPage' | 'onDay'> {
  const begun = performance.now();
  let days = 0;
  let done = 0;
  let events = 0;
  return {
    onDays: (all) => {
      days = all.length;
    },
    onPage: (day, facts) => {
      events += facts.rows;
      progress.update(() => {
        const rate = Math.round(events / Math.max(0.001, (performance.now() - begun) / 1000));
        return `${foundation}: day ${done + 1} of ${days}, ${day}: ${countText(events)} events read, ${countText(rate)} events/s`;
      });
    },
    onDay: (result) => {
      done += 1;
      progress.finished(`${foundation} ${result.day} ${dayWords(result)}`);
    },
  };
}
