import type { Day } from './day.ts';
import type { FoundationName } from './foundation.ts';

/**
 * What the archive can say about one day of one foundation.
 *
 * `closed`: all of it is here. `partial`: what the source still had of it. `open`: not over, or not settled yet. `missing`: closed, but not stored, or no longer there. `lost`: a loss is on record, even if a remainder is stored. `before_archive`: older than the first day that the archive knows.
 */
export const DAY_STATES = [
  'closed',
  'partial',
  'open',
  'missing',
  'lost',
  'before_archive',
] as const;
export type DayState = (typeof DAY_STATES)[number];

export interface CoveredDay {
  readonly foundation: FoundationName;
  readonly dt: Day;
  readonly state: DayState;
}

/** How complete an answer is: "nothing happened" and "we have no data" never look alike. */
export interface Coverage {
  /** Whether every asked day is closed. */
  readonly complete: boolean;
  readonly days: Readonly<Record<DayState, number>>;
  /** Ascending by foundation and day. */
  readonly not_closed: readonly CoveredDay[];
  /** Whether days of more than one foundation were asked for: each is then named with its foundation. */
  readonly of_several: boolean;
}

export function summarizeCoverage(days: readonly CoveredDay[]): Coverage {
  const counts = Object.fromEntries(DAY_STATES.map((state) => [state, 0])) as Record<
    DayState,
    number
  >;
  for (const { state } of days) counts[state] += 1;
  return {
    complete: counts.closed === days.length,
    days: counts,
    not_closed: days.filter(({ state }) => state !== 'closed'),
    of_several: days.some(({ foundation }) => foundation !== days[0]?.foundation),
  };
}

/** Whether no day of it will be stored for the first time later: an open one will, and so may a missing one. */
export const isSettled = ({ days }: Coverage): boolean => days.open + days.missing === 0;

const WORDS: Readonly<Record<Exclude<DayState, 'closed'>, string>> = {
  partial: 'stored only in part',
  open: 'not closed yet',
  missing: 'missing',
  lost: 'lost',
  before_archive: 'from before the archive began',
};

/** One sentence for people, such as `2 of 31 days are missing: 2026-03-01, 2026-03-02`; undefined when the answer is complete. */
export function coverageSentence(coverage: Coverage, limit = 5): string | undefined {
  if (coverage.complete) return undefined;
  const all = Object.values(coverage.days).reduce((sum, count) => sum + count, 0);
  const parts = DAY_STATES.filter((state) => state !== 'closed').flatMap((state) => {
    const days = coverage.not_closed.filter((day) => day.state === state);
    if (days.length === 0) return [];
    const names = days
      .slice(0, limit)
      .map(({ foundation, dt }) => (coverage.of_several ? `${foundation} ${dt}` : dt));
    if (days.length > limit) names.push(`and ${days.length - limit} more`);
    return [
      `${days.length} of ${all} days ${days.length === 1 ? 'is' : 'are'} ${WORDS[state]}: ${names.join(', ')}`,
    ];
  });
  return parts.join('; ');
}

/** Coverage as every JSON answer has it, with the sentence for people. */
export const coverageJson = ({ of_several, ...coverage }: Coverage) => ({
  ...coverage,
  message: coverageSentence({ ...coverage, of_several }) ?? null,
});
