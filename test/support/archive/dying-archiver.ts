/**
 * An archiver that is killed (SIGKILL, nothing is cleaned up) right after a given step of a given day's store protocol.
 *
 * Arguments, as one JSON text: api, archive, work (folders), now, day, step, and how often the step goes well before.
 */
import { archiveFoundation } from '../../../lib/archive/archive-foundation.ts';
import { CloudFoundryFoundation } from '../../../lib/cloud-foundry/cloud-foundry-foundation.ts';
import { daySchema } from '../../../lib/domain/day.ts';
import { foundationNameSchema } from '../../../lib/domain/foundation.ts';
import { DuckDBParts } from '../../../lib/parquet/duckdb-parts.ts';
import { ARCHIVER_CLIENT } from '../../../lib/sample-foundation/sample-foundation.ts';
import { FolderObjectStore } from '../../../lib/store/folder-object-store.ts';

const { api, archive, work, now, day, step } = JSON.parse(process.argv[2] ?? '{}');

await archiveFoundation(
  {
    source: new CloudFoundryFoundation({
      api,
      clientId: ARCHIVER_CLIENT.id,
      clientSecret: async () => ARCHIVER_CLIENT.secret,
      concurrency: 2,
      userAgent: 'test',
    }),
    store: new FolderObjectStore(archive),
    parts: new DuckDBParts({ workDirectory: work }),
    now: () => new Date(now),
    concurrency: 2,
    tool: 'test/1',
    onDayStep: (_day, reached) => {
      if (reached === step) process.kill(process.pid, 'SIGKILL');
    },
  },
  {
    foundation: foundationNameSchema.parse('eu-1'),
    policy: { retentionDays: 31, settleMs: 4 * 3_600_000 },
    day: daySchema.parse(day),
  },
);
process.stdout.write('survived');
