/**
 * Export many events in every format and print what it costs: time, bytes, peak memory, and how much the peak grows when there are four times as many rows.
 *
 *     npm run bench:export                        1,000,000 and 4,000,000 rows
 *     npm run bench:export -- --rows 2500000,10000000 --formats csv,parquet
 *
 * Each export runs in a process of its own, through the code that `report` and `events` write files with. Ends with 1 when a peak is over its bound or grows.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { z } from 'zod';
import { exportRows } from '../lib/cli/export-output.ts';
import { countText } from '../lib/cli/words.ts';
import type { EventRow } from '../lib/domain/columns.ts';
import { eventsExport } from '../lib/report/events-source.ts';
import { EXPORT_FORMATS, type ExportFormat } from '../lib/report/export-source.ts';
import { compareExports, type ExportCost, exportCostSchema } from './compare-exports.ts';

const BOUNDS = { memoryMb: 600, growth: 1.25 };

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000,4000000' },
    formats: { type: 'string', default: EXPORT_FORMATS.join(',') },
    /** Of the processes that do the work: format, rows, file. */
    child: { type: 'string' },
  },
});

/** As many rows at a time as the engine gives. */
const BATCH_ROWS = 2_048;

async function* events(count: number): AsyncGenerator<readonly EventRow[]> {
  const from = Date.parse('2026-01-01T00:00:00Z');
  for (let first = 0; first < count; first += BATCH_ROWS) {
    const size = Math.min(BATCH_ROWS, count - first);
    yield Array.from({ length: size }, (_, index) => anEvent(first + index, from));
  }
}

function anEvent(number: number, from: number): EventRow {
  const at = new Date(from + number * 1000);
  const thing = (number * 2_654_435_761) % 10_007;
  const guid = `${number.toString(16).padStart(8, '0')}-0000-4000-8000-${thing.toString(16).padStart(12, '0')}`;
  return {
    guid,
    created_at: at,
    updated_at: at,
    type: number % 3 === 0 ? 'audit.app.update' : 'audit.app.process.crash',
    actor_guid: `user-${thing % 97}`,
    actor_type: 'user',
    actor_name: `person-${thing % 97}@example.org`,
    actor_username: null,
    target_guid: `app-${thing}`,
    target_type: 'app',
    target_name: thing % 11 === 0 ? '=HYPERLINK("x")' : `app number ${thing}`,
    space_guid: `space-${thing % 311}`,
    space_name: `space ${thing % 311}`,
    organization_guid: `organization-${thing % 31}`,
    organization_name: `organization ${thing % 31}`,
    data: `{"instance":"${guid}","index":${thing % 7},"reason":"CRASHED","crash_timestamp":1772000000${number}}`,
    extra: null,
    collected_at: at,
  };
}

async function exportOnce(format: ExportFormat, count: number, file: string): Promise<void> {
  const begun = performance.now();
  let said = '';
  await exportRows(eventsExport(events(count)), format, file, {
    out: () => undefined,
    err: (text) => {
      said += text;
    },
    interactive: false,
    width: Number.POSITIVE_INFINITY,
  });
  if (!said.includes(countText(count))) throw new Error(said);
  const { size } = await stat(file);
  const result: ExportCost = {
    seconds: (performance.now() - begun) / 1000,
    bytes: size,
    memoryMb: process.resourceUsage().maxRSS / 1000,
  };
  console.log(JSON.stringify(result));
}

/** In a process of its own. */
async function exported(format: ExportFormat, count: number): Promise<ExportCost> {
  const work = await mkdtemp(join(tmpdir(), 'bench-export-'));
  const child = [format, count, join(work, `events.${format}`)].join(',');
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...[process.argv[1] ?? '', '--child', child],
  ]);
  await rm(work, { recursive: true });
  return exportCostSchema.parse(JSON.parse(stdout));
}

if (values.child === undefined) {
  const rows = values.rows.split(',').map(Number);
  process.exitCode = (await compareExports(values.formats, rows, BOUNDS, exported)) ? 0 : 1;
} else {
  const [format, count, file = ''] = values.child.split(',');
  await exportOnce(z.enum(EXPORT_FORMATS).parse(format), Number(count), file);
}
