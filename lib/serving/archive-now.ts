import type { Configuration } from '../config/configuration.ts';
import { openCoverage } from '../digest/open-coverage.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import type { ArchiveNow } from '../http/ports.ts';
import type { QueryEngine } from '../query/ports.ts';
import { rememberedListing } from '../store/remembered-listing.ts';

/** What was stored in the meantime is seen after so long at the latest. */
const MAX_AGE_MS = 30_000;

export interface ArchiveNowOptions {
  readonly configuration: Configuration;
  readonly store: ObjectStore;
  readonly engine: QueryEngine;
  readonly cursorKey: () => Promise<Uint8Array>;
  readonly now: () => Date;
  /** Milliseconds of a clock that never goes back; default: the process's. */
  readonly elapsedMs?: () => number;
}

/** The archive as it is now, its listings and its coverage read at most every half minute: a page must not list years of days. */
export function createArchiveNow({
  configuration,
  store,
  engine,
  cursorKey,
  now,
  elapsedMs = () => performance.now(),
}: ArchiveNowOptions): () => ArchiveNow {
  const policies = new Map(configuration.foundations.map((each) => [each.name, each]));
  let held: { readonly archive: ArchiveNow; readonly at: number; readonly day: string } | undefined;
  return () => {
    const day = now().toISOString().slice(0, 10);
    if (held === undefined || elapsedMs() - held.at >= MAX_AGE_MS || held.day !== day) {
      const listed = rememberedListing(store);
      const coverage = openCoverage(listed, policies, now());
      const { maxScanBytes } = configuration;
      const archive = { store: listed, engine, coverage, cursorKey, maxScanBytes };
      held = { archive, at: elapsedMs(), day };
    }
    return held.archive;
  };
}
