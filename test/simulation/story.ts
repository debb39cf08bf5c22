import type { ArchivePolicy } from '../../lib/domain/archive-policy.ts';
import { DAY_MS, dayOf } from '../../lib/domain/day.ts';
import { FoundationHistory, type SimulatedEvent } from './foundation-history.ts';
import { Prng } from './prng.ts';
import { HOUR, type Incident, MINUTE } from './world.ts';

/** One process of a session, and everything that its surroundings will do to it. */
export interface RunPlan {
  readonly kind: 'archive' | 'digest';
  readonly host: 0 | 1;
  /** `--day`, as days before the day of the run; undefined: all days. */
  readonly dayBefore: number | undefined;
  /** Undefined: no deadline. */
  readonly timeMs: number | undefined;
  readonly faultRate: number;
  /** Turns until it is killed; infinite: never. */
  readonly turnsToLive: number;
  /** Writes after which it is killed before it hears of the last one; undefined: it is not. */
  readonly diesAfterWrites: number | undefined;
  /** Its clock less true time. */
  readonly clockOffset: number;
  /** How far its clock steps, and after how many of its turns. */
  readonly clockStep: { readonly afterTurns: number; readonly ms: number } | undefined;
  readonly maxStepMs: number;
  /** Whether what was read is kept for the next run when this one cannot finish a day. */
  readonly keepsReading: boolean;
}

/** Processes that begin together. */
export interface Session {
  readonly at: number;
  readonly runs: readonly RunPlan[];
  /** Nothing fails in it, and nothing changes at the source meanwhile. */
  readonly calm: boolean;
  /** Whether today's digest must be there when it is over; one more run makes it, if need be. */
  readonly digest: boolean;
}

/** All that one seed stands for: a foundation, a policy, and weeks of what happens. */
export interface Story {
  readonly policy: ArchivePolicy;
  readonly pageSize: number;
  readonly concurrency: number;
  readonly history: FoundationHistory;
  readonly incidents: readonly Incident[];
  readonly cutoffDays: number;
  readonly begins: number;
  readonly sessions: readonly Session[];
  readonly restlessness: number;
}

const EPOCH = Date.parse('2026-02-01T00:00:00Z');
const TYPES = ['audit.app.create', 'audit.app.update', 'audit.space.create', 'app.crash'];

/** @param seed - decides everything */
export function tellStory(seed: number): Story {
  const prng = new Prng(seed, 1);
  const retentionDays = prng.between(3, 6);
  const policy = { retentionDays, settleMs: prng.between(1, 6) * HOUR };
  const firstDay = EPOCH + prng.between(0, 60) * DAY_MS;
  const begins =
    firstDay + prng.between(1, retentionDays + 2) * DAY_MS + prng.between(0, 24 * 60) * MINUTE;
  const ends = begins + prng.between(4, 12) * DAY_MS;
  const sessions = planSessions(prng, begins, ends, retentionDays);
  const last = sessions.at(-1)?.at ?? ends;
  return {
    policy,
    pageSize: prng.between(2, 9),
    concurrency: prng.between(1, 3),
    history: new FoundationHistory(planEvents(prng, firstDay, last)),
    incidents: planIncidents(prng, begins, last, retentionDays),
    cutoffDays: retentionDays + (prng.chance(0.15) ? 1 : 0),
    begins,
    sessions,
    restlessness: prng.chance(0.3) ? 0 : prng.pick([0.01, 0.05, 0.15]),
  };
}

function planEvents(prng: Prng, from: number, to: number): SimulatedEvent[] {
  const wholeSeconds = prng.chance(0.5);
  const busiest = prng.pick([3, 8, 15, 30]);
  const latecomers = prng.pick([0.02, 0.1, 0.25]);
  const events: SimulatedEvent[] = [];
  for (let day = from; day <= to; day += DAY_MS) {
    const count = prng.chance(0.25) ? 0 : prng.between(0, busiest);
    const crowded = day + prng.between(0, 86_399) * 1000;
    for (let index = 0; index < count; index += 1) {
      const ms = prng.chance(0.25) ? crowded : instantIn(prng, day);
      const micros = ms * 1000 + (wholeSeconds ? 0 : prng.between(0, 999_999));
      events.push({
        guid: `${prng.between(0, 0xffff).toString(16).padStart(4, '0')}-${events.length}`,
        type: prng.pick(TYPES),
        data: `{"n":${prng.between(0, 1e9)}}`,
        micros,
        day: dayOf(new Date(ms)),
        committedAt: Math.ceil(micros / 1000) + lateness(prng, latecomers),
        deletedAt: Infinity,
        aged: false,
      });
    }
  }
  return events;
}

/** Whole seconds, with a liking for both ends of the day. */
function instantIn(prng: Prng, day: number): number {
  if (prng.chance(0.06)) return day;
  if (prng.chance(0.06)) return day + DAY_MS - 1000;
  return day + prng.between(0, 86_399) * 1000;
}

/** How long after its `created_at` an event becomes visible: mostly at once, sometimes hours later, rarely longer than any day settles. */
function lateness(prng: Prng, latecomers: number): number {
  if (!prng.chance(latecomers)) return prng.between(0, 2000);
  return prng.chance(0.7) ? prng.between(0, 4 * HOUR) : prng.between(0, 30 * HOUR);
}

function planIncidents(prng: Prng, from: number, to: number, retentionDays: number): Incident[] {
  const incidents: Incident[] = [];
  const sometime = (): number => prng.between(from, to);
  const deletions = prng.chance(0.5) ? prng.between(0, 8) : 0;
  for (let index = 0; index < deletions; index += 1) {
    incidents.push({ at: sometime(), kind: 'deletion' });
  }
  if (prng.chance(0.15)) incidents.push({ at: sometime(), kind: 'truncation' });
  if (prng.chance(0.15)) {
    incidents.push({
      at: sometime(),
      kind: 'cutoff',
      retentionDays: prng.between(1, retentionDays),
    });
  }
  return incidents;
}

function planSessions(prng: Prng, from: number, to: number, retentionDays: number): Session[] {
  const troubled = prng.chance(0.8);
  const sessions = planArchiving(prng, from, to, retentionDays, troubled);
  const last = sessions.at(-1)?.at ?? to;
  const timeOfDay = prng.between(60, 20 * 60) * MINUTE;
  for (let day = Math.floor(from / DAY_MS) * DAY_MS; day <= last + DAY_MS; day += DAY_MS) {
    const at = day + timeOfDay + prng.between(-20, 20) * MINUTE;
    if (at >= from) sessions.push(planDigest(prng, at, troubled && at < last));
  }
  return sessions.sort((a, b) => a.at - b.at);
}

/** Runs of the archive: every few hours, sometimes not for days, sometimes two at once. */
function planArchiving(
  prng: Prng,
  from: number,
  to: number,
  retentionDays: number,
  troubled: boolean,
): Session[] {
  const sessions: Session[] = [];
  let pauses = prng.chance(0.25) ? 1 : 0;
  for (let at = from; at < to; ) {
    sessions.push(planSession(prng, at, troubled));
    if (pauses > 0 && prng.chance(0.15)) {
      pauses -= 1;
      at += prng.between(1, retentionDays + 3) * DAY_MS;
    }
    at += prng.chance(0.4) ? prng.between(1, 5 * 60) * MINUTE : prng.between(5, 26) * HOUR;
  }
  // Whatever went wrong before, two undisturbed runs must put right.
  const last = sessions.at(-1)?.at ?? to;
  for (const hours of [20, 23]) {
    const at = last + hours * HOUR;
    sessions.push({ at, runs: [calmRun('archive')], calm: true, digest: false });
  }
  return sessions;
}

function planSession(prng: Prng, at: number, troubled: boolean): Session {
  const archivers = prng.chance(0.3) ? 2 : 1;
  const runs = Array.from({ length: archivers }, (_, index) => planRun(prng, index, troubled));
  return { at, runs, calm: false, digest: false };
}

/** A digest a day, at about the same time: mostly one run, sometimes two at once, sometimes beside a run of the archive. Its clock is right. */
function planDigest(prng: Prng, at: number, troubled: boolean): Session {
  const digest = (index: number): RunPlan => ({
    ...planRun(prng, index, troubled),
    kind: 'digest',
    clockOffset: 0,
    clockStep: undefined,
    diesAfterWrites: troubled && prng.chance(0.2) ? prng.between(1, 2) : undefined,
  });
  const runs = Array.from({ length: prng.chance(0.2) ? 2 : 1 }, (_, index) => digest(index));
  if (troubled && prng.chance(0.2)) runs.push(planRun(prng, 1, troubled));
  return { at, runs, calm: false, digest: true };
}

function planRun(prng: Prng, index: number, troubled: boolean): RunPlan {
  const tight = prng.chance(0.2);
  return {
    kind: 'archive',
    host: index === 0 || prng.chance(0.3) ? 0 : 1,
    dayBefore: prng.chance(0.1) ? prng.between(1, 6) : undefined,
    timeMs: tight ? prng.between(5, 200) * 1000 : undefined,
    faultRate: troubled && prng.chance(0.35) ? prng.pick([0.005, 0.02, 0.06]) : 0,
    turnsToLive:
      troubled && prng.chance(0.3) ? prng.between(0, prng.pick([30, 150, 300])) : Infinity,
    diesAfterWrites: troubled && prng.chance(0.25) ? prng.between(1, 6) : undefined,
    ...planClock(prng),
    maxStepMs: tight ? 4000 : prng.pick([50, 1000, 20_000]),
    keepsReading: prng.chance(0.7),
  };
}

/** Most clocks are right; some are ahead or behind by up to an hour, and some step while a run is at work. */
function planClock(prng: Prng): Pick<RunPlan, 'clockOffset' | 'clockStep'> {
  const wrong = prng.chance(0.15);
  return {
    clockOffset: wrong ? prng.between(-60, 60) * MINUTE : 0,
    clockStep:
      wrong && prng.chance(0.5)
        ? { afterTurns: prng.between(0, 60), ms: prng.between(-15, 15) * MINUTE }
        : undefined,
  };
}

export const calmRun = (kind: RunPlan['kind']): RunPlan => ({
  kind,
  host: 0,
  dayBefore: undefined,
  timeMs: undefined,
  faultRate: 0,
  turnsToLive: Infinity,
  diesAfterWrites: undefined,
  clockOffset: 0,
  clockStep: undefined,
  maxStepMs: 50,
  keepsReading: true,
});
