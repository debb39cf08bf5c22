import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  DayStage,
  KeptPage,
  PageFacts,
  PartFile,
  ScopeNames,
} from '../../../lib/archive/ports.ts';
import type { EventRow } from '../../../lib/domain/columns.ts';
import type { Window } from '../../../lib/domain/window.ts';
import { DuckDBParts } from '../../../lib/parquet/duckdb-parts.ts';
import { partRowsOf } from './part-reader.ts';

export const DAY: Window = {
  from: new Date('2026-03-01T00:00:00Z'),
  to: new Date('2026-03-02T00:00:00Z'),
};

export const COLLECTED_AT = new Date('2026-03-03T04:05:06.789Z');

export const NO_NAMES: ScopeNames = { organizations: new Map(), spaces: new Map() };

/** The work folder of one test, with an open stage in it. */
export interface StageRig {
  readonly directory: string;
  readonly parts: DuckDBParts;
  readonly stage: DayStage;
  /** Stage a body as a page of the day, or of another window. */
  addPage(body: string | Uint8Array, window?: Window, page?: number): Promise<PageFacts>;
  /** A part of the kept pages; the default is all that were added through this rig. */
  writePart(over?: Partial<Parameters<DayStage['writePart']>[0]>): Promise<PartFile | undefined>;
  /** Rows of a part of everything, read independently, in the order of their pages. */
  storedRows(): Promise<EventRow[]>;
  close(): Promise<void>;
}

/** @param folder - a folder that everything lies in, within the test's own */
export async function aStageRig(folder = 'rig'): Promise<StageRig> {
  const own = await mkdtemp(join(tmpdir(), 'stage-rig-'));
  const directory = join(own, folder);
  const parts = new DuckDBParts({ workDirectory: join(directory, 'work') });
  const stage = await parts.openStage('day');
  const keep: KeptPage[] = [];
  let files = 0;

  const rig: StageRig = {
    directory,
    parts,
    stage,
    async addPage(body, window = DAY, page = 1) {
      files += 1;
      const file = join(directory, `page-${files}.json`);
      await writeFile(file, body);
      const facts = await stage.addPage(file, { window, page }, COLLECTED_AT);
      keep.push({ page: facts.page });
      return facts;
    },
    writePart(over = {}) {
      files += 1;
      const file = join(directory, `part-${files}.parquet`);
      return stage.writePart({ keep, names: NO_NAMES, storedParts: [], day: DAY, file, ...over });
    },
    async storedRows() {
      const part = await rig.writePart();
      return part === undefined ? [] : await partRowsOf(part.file);
    },
    async close() {
      await stage.close();
      await rm(own, { recursive: true });
    },
  };
  return rig;
}
