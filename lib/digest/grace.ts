/** A day, and two hours for timers that are late: within this, what was written is signed. */
export const GRACE_HOURS = 26;
export const GRACE_MS = GRACE_HOURS * 3_600_000;

/** Younger than 26 hours; what lies ahead of `now` is young, too. */
export const isYoung = (instant: Date, now: Date): boolean =>
  now.getTime() - instant.getTime() < GRACE_MS;

/** Older than 26 hours. */
export const isOverdue = (instant: Date, now: Date): boolean =>
  now.getTime() - instant.getTime() > GRACE_MS;

export const laterKnown = (a: Date | undefined, b: Date | undefined): Date | undefined =>
  a === undefined || (b !== undefined && b > a) ? b : a;
