import type { BoardDay, CoverageBoard } from '../digest/coverage-board.ts';
import type { KnownState } from '../digest/coverage-table.ts';
import { HOUR_MS } from '../domain/instant.ts';
import { lossWords } from './archive-report.ts';
import { tableLines } from './table.ts';
import { bold, type Terminal } from './terminal.ts';
import { countText } from './words.ts';

const COLUMNS = [
  { title: 'month' },
  { title: 'days', align: 'right' },
  { title: 'closed', align: 'right' },
  { title: 'partial', align: 'right' },
  { title: 'open', align: 'right' },
  { title: 'missing', align: 'right' },
  { title: 'lost', align: 'right' },
  { title: 'supplements', align: 'right' },
  { title: 'deleted at source', align: 'right' },
  { title: 'events', align: 'right' },
] as const;

const COUNTED_STATES: readonly KnownState[] = ['closed', 'partial', 'open', 'missing', 'lost'];

/** `3 hours`, `12 days`: two days are still hours. */
function ageText(since: Date, now: Date): string {
  const hours = Math.floor((now.getTime() - since.getTime()) / HOUR_MS);
  return hours < 48 ? `${hours} hours` : `${Math.floor(hours / 24)} days`;
}

const sum = (days: readonly BoardDay[], of: (day: BoardDay) => number): string =>
  countText(days.reduce((total, day) => total + of(day), 0));

function monthRow(month: string, days: readonly BoardDay[]): string[] {
  return [
    month,
    String(days.length),
    ...COUNTED_STATES.map((state) => String(days.filter((day) => day.state === state).length)),
    sum(days, ({ revisions }) => Math.max(0, revisions - 1)),
    sum(days, ({ deletedAtSource }) => deletedAtSource),
    sum(days, ({ events }) => events),
  ];
}

/** The board for people: one foundation after the other, a line for each month. */
export function printBoard(board: CoverageBoard, now: Date, terminal: Terminal): void {
  const months = Map.groupBy(board.days, ({ dt }) => dt.slice(0, 7));
  const [heading, ...rows] = tableLines(
    COLUMNS,
    [...months].map(([month, days]) => monthRow(month, days)),
  );
  terminal.out(`${bold(`${board.foundation}: ${board.healthy ? 'healthy' : 'NOT HEALTHY'}`)}\n`);
  terminal.out(`${[heading, ...rows].join('\n')}\n`);
  const newest = board.newestEvent;
  terminal.out(
    `newest event: ${newest ? `${newest.toISOString().slice(0, 19)}Z, ${ageText(newest, now)} old` : 'none'}\n`,
  );
  const digest = board.newestDigest;
  terminal.out(
    `newest digest: ${digest ? `${digest.day} ${digest.sha256}` : 'none'}${board.digestOverdue ? ' (OVERDUE: run digest)' : ''}\n`,
  );
  const missing = board.days.filter(({ state }) => state === 'missing').map(({ dt }) => dt);
  if (missing.length > 0) terminal.out(`missing days: ${missing.join(', ')}\n`);
  for (const loss of board.losses) terminal.out(`${lossWords(loss)}\n`);
}

/** What `status --json` prints: scripts read these keys, which its help names. */
export function statusJson(boards: readonly CoverageBoard[]): unknown {
  return {
    healthy: boards.every(({ healthy }) => healthy),
    foundations: boards.map((board) => ({
      name: board.foundation,
      healthy: board.healthy,
      newest_event: board.newestEvent?.toISOString() ?? null,
      newest_digest: board.newestDigest ?? null,
      digest_overdue: board.digestOverdue,
      days: board.days.map((day) => ({
        dt: day.dt,
        state: day.state,
        events: day.events,
        revisions: day.revisions,
        deleted_at_source: day.deletedAtSource,
        counted_at: day.countedAt?.toISOString() ?? null,
      })),
      losses: board.losses,
    })),
  };
}
