import { windowOf } from '../domain/day.ts';
import type { DigestDay } from '../domain/digest.ts';
import type { FoundationName } from '../domain/foundation.ts';
import { digestsPrefix, manifestKey, manifestsPrefix } from '../domain/object-keys.ts';
import type { FoundationCensus } from './census.ts';
import type { Notes, RemarkKind } from './finding.ts';
import { GRACE_HOURS, isOverdue, isYoung } from './grace.ts';

interface Judging {
  readonly notes: Notes;
  readonly now: Date;
  readonly isCopy: boolean;
}

/** Say whether the chain has a head, and whether it is as new as it should be. */
export function judgeHead(
  { notes, now, isCopy }: Judging,
  foundation: FoundationName,
  census: FoundationCensus,
  newest: Date | undefined,
): void {
  const about = { foundation, object: digestsPrefix(foundation) };
  if (census.digests.size === 0 && census.signatures.size === 0) {
    notes.finding({
      ...about,
      kind: 'unsigned',
      day: null,
      meaning: 'there is no digest: nothing vouches for any object of this foundation',
    });
  }
  if (newest === undefined || !isOverdue(newest, now)) return;
  const overdue = {
    ...about,
    kind: 'digest_overdue',
    day: null,
    meaning: `the newest digest is of ${newest.toISOString()}, more than ${GRACE_HOURS} hours before ${now.toISOString()}`,
  } as const;
  if (isCopy) notes.remark(overdue);
  else notes.finding(overdue);
}

/** Say what the newest trusted coverage table tells of a day that a reader of a clean verdict could overlook. */
export function remarkDay(
  { notes, now }: Judging,
  foundation: FoundationName,
  day: DigestDay,
): void {
  const remark = (kind: RemarkKind, meaning: string): void =>
    notes.remark({
      kind,
      foundation,
      day: day.dt,
      object:
        day.revisions > 0
          ? manifestKey(foundation, day.dt, day.revisions - 1)
          : `${manifestsPrefix(foundation)}dt=${day.dt}/`,
      meaning,
    });
  if (day.losses.length > 0) {
    const counts = day.losses.map(({ events }) => events);
    const known = counts.every((events) => events !== null);
    const sum = counts.reduce<number>((all, events) => all + (events ?? 0), 0);
    remark('lost', known ? `${sum} events were lost` : 'an unknown number of events was lost');
  } else if (day.revisions === 0 && !isYoung(windowOf(day.dt).to, now)) {
    remark('not_stored', 'nothing of this day is stored');
  }
  if (day.status === 'partial') remark('partial', 'only what the source still had is stored');
  if (day.deleted_at_source > 0) {
    remark(
      'deleted_at_source',
      `${day.deleted_at_source} events are here and no longer at the source`,
    );
  }
  if (day.revisions > 0 && day.counted_at === null) {
    remark('never_counted', 'no run has counted this day at the source since it was stored');
  }
}
