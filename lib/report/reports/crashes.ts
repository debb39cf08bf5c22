import type { EventRow } from '../../domain/columns.ts';
import { dataAt, dataText } from '../../domain/event-sentence-data.ts';
import { TIMESTAMP, targetGuid, targetName, WHERE } from '../columns.ts';
import type { Report, ReportColumn } from '../report.ts';

const fromData = (title: string, path: string): ReportColumn => ({
  title,
  value: (row) => dataText(row, path),
});

/** Diego leaves the status out of a crash's payload when it is 0. */
const exitStatus = (row: EventRow): string | undefined =>
  dataText(row, 'exit_status') ?? (dataAt(row, 'instance') === undefined ? undefined : '0');

export const crashes: Report = {
  name: 'crashes',
  title: 'Crashes',
  description: 'crashed app instances, one line a crash, with what Diego said of it',
  // Cloud Controller writes `app.crash` beside it for the same crash.
  filter: { types: ['audit.app.process.crash'] },
  columns: [
    TIMESTAMP,
    targetName('App'),
    targetGuid('App GUID'),
    { title: 'Process', value: ({ actor_name }) => actor_name },
    fromData('Instance', 'index'),
    fromData('Reason', 'reason'),
    { title: 'Exit Status', value: exitStatus },
    fromData('Exit Description', 'exit_description'),
    fromData('Crash Count', 'crash_count'),
    fromData('Cell', 'cell_id'),
    ...WHERE,
  ],
};
