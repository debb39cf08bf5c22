import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ArchiveError } from '../domain/errors.ts';
import type { Window } from '../domain/window.ts';
import type { AuditEventSource, DayStage, PageFacts, PageRequest } from './ports.ts';
import { type PageReader, type WindowRead, walkWindow } from './walk-window.ts';

/** How often a day that moves under the walk is walked again before it is left to a later run. */
const MAX_WALKS = 5;

/** How often a page that arrived but cannot be read is asked for again. */
const MAX_PAGE_READS = 3;

export interface ReadDayOptions {
  /** Windows of a long day read at once. */
  readonly slices: number;
  readonly now: () => Date;
  readonly onPage?: ((facts: PageFacts) => void) | undefined;
}

/**
 * Read one day of a foundation into the stage, completely.
 *
 * @throws ArchiveError DAY_MOVED when it never held still, PAGE_UNREADABLE when a page stays unreadable, or what the source throws
 */
export async function readDay(
  source: AuditEventSource,
  stage: DayStage,
  day: Window,
  options: ReadDayOptions,
): Promise<WindowRead> {
  const pages = pageReader(source, stage, options);
  for (let walk = 1; ; walk += 1) {
    try {
      return await walkWindow(pages, day, { slices: options.slices });
    } catch (error) {
      const again = error instanceof ArchiveError && error.code === 'DAY_MOVED' && walk < MAX_WALKS;
      if (!again) throw error;
    }
  }
}

function pageReader(
  source: AuditEventSource,
  stage: DayStage,
  { now, onPage }: ReadDayOptions,
): PageReader {
  let spooled = 0;

  const readOnce = async (request: PageRequest): Promise<PageFacts> => {
    spooled += 1;
    const file = join(stage.directory, `page-${spooled}.json`);
    await source.spoolPage(request, file);
    try {
      return await stage.addPage(file, request, now());
    } finally {
      await rm(file, { force: true });
    }
  };

  return {
    guidsOf: (keep) => stage.guidsOf(keep),
    async readPage(request) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          const facts = await readOnce(request);
          onPage?.(facts);
          return facts;
        } catch (error) {
          const again =
            error instanceof ArchiveError &&
            error.code === 'PAGE_UNREADABLE' &&
            attempt < MAX_PAGE_READS;
          if (!again) throw error;
        }
      }
    },
  };
}
