import { join } from 'node:path';
import { ArchiveError } from '../domain/errors.ts';
import { uncoveredWindows, type Window, windowText } from '../domain/window.ts';
import type {
  AuditEventSource,
  DayStage,
  PageFacts,
  PageRequest,
  ReadPiece,
  WindowRead,
} from './ports.ts';
import { joinReads, type PageReader, walkWindow } from './walk-window.ts';

/** How often a day that moves under the walk is walked again before it is left to a later run. */
const MAX_WALKS = 5;

/** How often a page that arrived but cannot be read is asked for again. */
const MAX_PAGE_READS = 3;

export interface ReadDayOptions {
  /** Windows of a long day read at once. */
  readonly concurrency: number;
  readonly now: () => Date;
  /** What an earlier run read before this instant is read anew; undefined: nothing is too old. */
  readonly notBefore: Date | undefined;
  readonly onPage?: ((facts: PageFacts) => void) | undefined;
}

const isCode = (error: unknown, code: ArchiveError['code']): boolean =>
  error instanceof ArchiveError && error.code === code;

/**
 * Read one day of a foundation into the stage, completely; what an earlier run left in the stage is not read again.
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
      const left = await freshPieces(stage, options.notBefore);
      return left.length === 0
        ? await walkWindow(pages, day, { concurrency: options.concurrency })
        : await readRest(source, pages, day, left, options.concurrency);
    } catch (error) {
      if (!isCode(error, 'DAY_MOVED')) throw error;
      await stage.forget();
      if (walk >= MAX_WALKS) throw error;
    }
  }
}

async function freshPieces(
  stage: DayStage,
  notBefore: Date | undefined,
): Promise<readonly ReadPiece[]> {
  const left = await stage.pieces();
  if (notBefore === undefined || left.every(({ readAt }) => readAt >= notBefore)) return left;
  await stage.forget();
  return [];
}

/** Go on where an earlier run stopped: with what it read, the rest must add up to what the source counts in the day now. */
async function readRest(
  source: AuditEventSource,
  pages: PageReader,
  day: Window,
  left: readonly ReadPiece[],
  concurrency: number,
): Promise<WindowRead> {
  const counted = await source.count(day);
  const reads: WindowRead[] = [...left];
  const windows = left.map(({ window }) => window);
  for (const rest of uncoveredWindows(day, windows)) {
    reads.push(await walkWindow(pages, rest, { concurrency }));
  }
  const read = joinReads(reads);
  if (read.total === counted) return read;
  throw new ArchiveError(
    'DAY_MOVED',
    `events of ${windowText(day)} changed between two runs: ${counted} counted, ${read.total} read`,
  );
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
      await stage.removePage(file);
    }
  };

  return {
    pageSize: source.pageSize,
    guidsOf: (keep) => stage.guidsOf(keep),
    recordPiece: (piece) => stage.recordPiece({ ...piece, readAt: now() }),
    async readPage(request) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          const facts = await readOnce(request);
          onPage?.(facts);
          return facts;
        } catch (error) {
          if (!isCode(error, 'PAGE_UNREADABLE') || attempt >= MAX_PAGE_READS) throw error;
        }
      }
    },
  };
}
