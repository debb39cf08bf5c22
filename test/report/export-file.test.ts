import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { writeExportFile } from '../../lib/cli/export-file.ts';
import { exportRows } from '../../lib/cli/export-output.ts';
import type { EventRow } from '../../lib/domain/columns.ts';
import { eventsExport } from '../../lib/report/events-source.ts';
import type { ExportFormat } from '../../lib/report/export-source.ts';
import { aTerminal } from '../support/captured-terminal.ts';
import { aRow } from './support/rows.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'export-file-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function* failingAfter(batches: number): AsyncGenerator<readonly EventRow[]> {
  for (let batch = 0; batch < batches; batch += 1) {
    yield Array.from({ length: 1_000 }, (_, index) => aRow({ guid: `${batch}-${index}` }));
  }
  throw new Error('the archive is gone');
}

describe('writeExportFile', () => {
  it('shows the file only when it is complete', async () => {
    const target = join(directory, 'a.csv');

    await writeExportFile(target, async (temporary) => {
      await writeFile(temporary, 'all of it');
      expect(await readdir(directory)).toEqual([
        expect.stringMatching(/^\.a\.csv\.[0-9a-f]{12}\.part$/),
      ]);
    });

    expect(await readdir(directory)).toEqual(['a.csv']);
    expect(await readFile(target, 'utf8')).toBe('all of it');
  });

  it('replaces what a link leads to, not the link', async () => {
    await writeFile(join(directory, 'real.csv'), 'old');
    await symlink('real.csv', join(directory, 'link.csv'));

    await writeExportFile(join(directory, 'link.csv'), (temporary) => writeFile(temporary, 'new'));

    expect(await readFile(join(directory, 'real.csv'), 'utf8')).toBe('new');
    expect((await readdir(directory)).sort()).toEqual(['link.csv', 'real.csv']);
  });

  it.each<[ExportFormat]>([['csv'], ['json'], ['ndjson'], ['parquet']])(
    'leaves nothing of a %s that fails half-way, and keeps what was there',
    async (format) => {
      const target = join(directory, `a.${format}`);
      await writeFile(target, 'from before');

      const exported = exportRows(eventsExport(failingAfter(5)), format, target, aTerminal());

      await expect(exported).rejects.toThrow('the archive is gone');
      expect(await readdir(directory)).toEqual([`a.${format}`]);
      expect(await readFile(target, 'utf8')).toBe('from before');
    },
  );

  it.each<[NodeJS.Signals]>([['SIGINT'], ['SIGTERM']])(
    'leaves nothing when %s ends it',
    async (signal) => {
      const script = `
      import { writeExportFile } from ${JSON.stringify(new URL('../../lib/cli/export-file.ts', import.meta.url).href)};
      await writeExportFile(process.argv[1], async () => {
        console.log('begun');
        await new Promise((resolve) => setTimeout(resolve, 60_000));
      });`;
      const child = spawn(
        process.execPath,
        ['--input-type=module', '--eval', script, join(directory, 'a.csv')],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      await once(child.stdout, 'data');
      expect(await readdir(directory)).toHaveLength(1);

      child.kill(signal);

      const [, endedBy] = await once(child, 'exit');
      expect(endedBy).toBe(signal);
      expect(await readdir(directory)).toEqual([]);
    },
  );
});

describe('exportRows', () => {
  it('says how far it is on a terminal, and what there is at the end', async () => {
    async function* rows(): AsyncGenerator<readonly EventRow[]> {
      yield [aRow()];
      yield [aRow()];
    }
    const terminal = aTerminal({ interactive: true });
    const target = join(directory, 'a.ndjson');

    await exportRows(eventsExport(rows()), 'ndjson', target, terminal);

    expect(terminal.stderr()).toContain(`\r\u001B[2K${target}: 1 row`);
    expect(terminal.stderr()).toMatch(/a\.ndjson: 2 rows, \d+ B\n$/);
  });
});
