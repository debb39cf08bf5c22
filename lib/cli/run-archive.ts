import { archiveFoundation, type FoundationContext } from '../archive/archive-foundation.ts';
import { CloudFoundryFoundation } from '../cloud-foundry/cloud-foundry-foundation.ts';
import type { Configuration, FoundationConfiguration } from '../config/configuration.ts';
import { resolveSecret } from '../config/secrets.ts';
import type { Day } from '../domain/day.ts';
import { ArchiveError } from '../domain/errors.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import { DuckDBParts } from '../parquet/duckdb-parts.ts';
import { TOOL } from '../version.ts';
import { dayWords, type FoundationRun } from './archive-report.ts';
import { Progress } from './progress.ts';
import { selectFoundations } from './select-foundations.ts';
import type { Terminal } from './terminal.ts';
import { countText } from './words.ts';
import { stagesDirectory } from './work-directory.ts';

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
    runs.push(await runFoundation(options, foundation, () => ends - performance.now()));
  }
  return runs;
}

async function runFoundation(
  options: ArchiveRunOptions,
  foundation: FoundationConfiguration,
  remainingMs: () => number,
): Promise<FoundationRun> {
  const source = new CloudFoundryFoundation({
    api: foundation.api,
    clientId: foundation.clientId,
    clientSecret: () => resolveSecret(foundation.clientSecret, `${foundation.key}.client_secret`),
    concurrency: foundation.concurrency,
    userAgent: TOOL,
    retry: { remainingMs },
  });
  const progress = new Progress(options.terminal);
  try {
    const result = await archiveFoundation(
      {
        source,
        store: options.store,
        parts: new DuckDBParts({
          workDirectory: options.workDirectory,
          stagesDirectory: await stagesDirectory(options.store.url),
          remainingMs,
        }),
        now: options.now,
        concurrency: foundation.concurrency,
        tool: TOOL,
        ...progressOf(progress, foundation.name),
      },
      { foundation: foundation.name, policy: foundation, day: options.day },
    );
    return { kind: 'ran', ...result };
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    return { kind: 'refused', foundation: foundation.name, error };
  } finally {
    progress.clear();
    await source.close();
  }
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
