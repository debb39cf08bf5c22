import { type Day, daysFrom } from './day.ts';
import type { DigestDay } from './digest.ts';
import type { Manifest } from './manifest.ts';
import type { Loss, RunReport } from './run-report.ts';

/** What a table takes from a manifest. */
export type ManifestFacts = Pick<Manifest, 'dt' | 'revision' | 'status' | 'cumulative'>;
/** What a table takes from a run report. */
export interface RunFacts extends Pick<RunReport, 'losses'> {
  readonly days: readonly Pick<
    RunReport['days'][number],
    'dt' | 'counted_at' | 'at_source' | 'deleted_at_source'
  >[];
}

const unknownDay = (dt: Day): DigestDay => ({
  dt,
  status: null,
  revisions: 0,
  events: 0,
  counted_at: null,
  at_source: null,
  deleted_at_source: 0,
  losses: [],
});

const sameLoss = (a: Loss, b: Loss): boolean =>
  a.kind === b.kind &&
  a.from === b.from &&
  a.to === b.to &&
  a.events === b.events &&
  a.last_seen_at === b.last_seen_at;

/**
 * The coverage table of a digest: that of the link before it, moved on by the documents the digest names.
 *
 * A function of signed documents alone, so that whoever verifies can compute it again. Applying a document twice changes nothing.
 *
 * @param before - table of the previous link; empty for the first
 * @param manifests - in the order of their keys
 * @param runs - in the order of their keys
 */
export function coverageAfter(
  before: readonly DigestDay[],
  manifests: readonly ManifestFacts[],
  runs: readonly RunFacts[],
): DigestDay[] {
  const known = new Map(before.map((day) => [day.dt, day]));
  const changed = new Map<Day, DigestDay>();
  const update = (dt: Day, change: (day: DigestDay) => Partial<DigestDay>): void => {
    const day = changed.get(dt) ?? known.get(dt) ?? unknownDay(dt);
    changed.set(dt, { ...day, ...change(day) });
  };

  for (const manifest of manifests) {
    update(manifest.dt, (day) => ({
      status: manifest.revision === 0 ? manifest.status : day.status,
      ...(manifest.revision < day.revisions
        ? {}
        : { revisions: manifest.revision + 1, events: manifest.cumulative.events }),
    }));
  }
  for (const run of runs) {
    for (const { dt, counted_at, at_source, deleted_at_source } of run.days) {
      update(dt, (day) =>
        counted_at === null || Date.parse(counted_at) < Date.parse(day.counted_at ?? counted_at)
          ? {}
          : { counted_at, at_source, deleted_at_source },
      );
    }
    for (const loss of run.losses) {
      update(loss.dt, (day) => ({
        losses: day.losses.some((known) => sameLoss(known, loss))
          ? day.losses
          : [...day.losses, loss],
      }));
    }
  }
  return [...daysAround(before, changed)].map((day) => changed.get(day.dt) ?? day);
}

/** The table's days, and those that the changed days add at its ends: still gap-free. */
function* daysAround(
  before: readonly DigestDay[],
  changed: ReadonlyMap<Day, DigestDay>,
): Generator<DigestDay> {
  const touched = [...changed.keys()].sort();
  const first = touched[0] ?? before[0]?.dt;
  const last = touched.at(-1) ?? before.at(-1)?.dt;
  if (first === undefined || last === undefined) return;
  const [begin, end] = [before[0]?.dt, before.at(-1)?.dt];
  if (begin === undefined || end === undefined) {
    yield* daysFrom(first, last).map(unknownDay);
    return;
  }
  yield* daysFrom(first, begin).slice(0, -1).map(unknownDay);
  yield* before;
  yield* daysFrom(end, last).slice(1).map(unknownDay);
}
