import type { ArchivePolicy } from '../domain/archive-policy.ts';
import type { Day } from '../domain/day.ts';
import type { FoundationName } from '../domain/foundation.ts';
import type { Loss } from '../domain/run-report.ts';
import type { DayContext, DayStep } from './day-context.ts';
import type { DayResult } from './day-result.ts';
import type { PageFacts, Parts } from './ports.ts';

export interface FoundationTask {
  readonly foundation: FoundationName;
  readonly policy: ArchivePolicy;
  /** Look at this day only. */
  readonly day?: Day | undefined;
}

export interface FoundationContext
  extends Omit<DayContext, 'settleMs' | 'onStep' | 'onPage' | 'parts'> {
  /** Undefined: the run looks at every day and reads none; those that have to be read are due. */
  readonly parts?: Parts | undefined;
  readonly onDays?: ((days: readonly Day[]) => void) | undefined;
  readonly onDayStep?: ((day: Day, step: DayStep) => void | Promise<void>) | undefined;
  readonly onPage?: ((day: Day, facts: PageFacts) => void) | undefined;
  readonly onDay?: ((result: DayResult) => void) | undefined;
  /** Told of each loss once it is on record, also by a run that fails. */
  readonly onLoss?: ((loss: Loss) => void) | undefined;
}
