/**
 * Proof without DuckDB: read the demo's archive with hyparquet, which shares no code with the writer, and print the rows of each day beside the count that the sample foundation's own SQL gives.
 *
 *     npm start && npm run proof:rows
 *
 * Ends with 1 when a day differs. Takes the demo's folder as argument; default `demo`.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { DEMO_NOW, startDemoFoundation } from '../../lib/cli/demo-foundation.ts';

const directory = join(process.argv[2] ?? 'demo', 'archive/events/v1/foundation=sample');

async function archivedGuids(dayDirectory: string): Promise<string[]> {
  const guids: string[] = [];
  for (const name of await readdir(dayDirectory)) {
    const file = await asyncBufferFromFile(join(dayDirectory, name));
    const rows = await parquetReadObjects({ file, compressors, columns: ['guid'] });
    guids.push(...rows.map((row) => String(row.guid)));
  }
  return guids.sort();
}

const partitions = new Set(
  await readdir(directory).catch(() => {
    process.stderr.write(`there is no archive below ${directory}; run npm start first\n`);
    process.exit(2);
  }),
);
const { foundation } = await startDemoFoundation();
// Closed days: all that the source still has, but for the day on which the demo takes place.
const today = DEMO_NOW.toISOString().slice(0, 10);
const days = new Set([...partitions].map((name) => name.slice('dt='.length)));
for (const [day, events] of foundation.database.countByDay()) {
  if (events > 0 && day < today) days.add(day);
}
let differing = 0;
process.stdout.write('day          hyparquet      SQL   same GUIDs\n');
for (const day of [...days].sort()) {
  const archived = partitions.has(`dt=${day}`)
    ? await archivedGuids(join(directory, `dt=${day}`))
    : [];
  const source = [...foundation.database.guidsOfDay(day)].sort();
  const same = archived.length === source.length && archived.every((guid, i) => guid === source[i]);
  if (!same) differing += 1;
  process.stdout.write(
    `${day}   ${String(archived.length).padStart(9)}${String(source.length).padStart(9)}   ${same ? 'yes' : 'NO'}\n`,
  );
}
await foundation.close();
process.stdout.write(differing === 0 ? 'all days equal\n' : `${differing} days differ\n`);
process.exitCode = differing === 0 ? 0 : 1;
