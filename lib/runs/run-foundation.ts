import { archiveFoundation, type FoundationResult } from '../archive/archive-foundation.ts';
import type { FoundationContext } from '../archive/foundation-context.ts';
import type { Parts } from '../archive/ports.ts';
import { CloudFoundryFoundation } from '../cloud-foundry/cloud-foundry-foundation.ts';
import type { FoundationConfiguration } from '../config/configuration.ts';
import { resolveSecret } from '../config/secrets.ts';
import type { Day } from '../domain/day.ts';
import { ArchiveError } from '../domain/errors.ts';
import type { FoundationName } from '../domain/foundation.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import type { Loss } from '../domain/run-report.ts';
import { TOOL } from '../version.ts';

/** How a foundation's run ended: with a result for each day, or early. */
export type FoundationRun =
  | ({ readonly kind: 'ran' } & FoundationResult)
  | {
      readonly kind: 'refused';
      readonly foundation: FoundationName;
      readonly error: ArchiveError;
      /** What it put on record before. */
      readonly losses: readonly Loss[];
    };

export interface RunOptions {
  readonly foundation: FoundationConfiguration;
  readonly store: ObjectStore;
  /** Left out: every day is looked at and none is read. */
  readonly openParts?: (() => Promise<Parts>) | undefined;
  readonly now: () => Date;
  /** Milliseconds until the run must have stopped. */
  readonly remainingMs: () => number;
  /** Undefined: every closed day. */
  readonly day?: Day | undefined;
  readonly watch?: Pick<FoundationContext, 'onDays' | 'onPage' | 'onDay'>;
}

/** One run of one configured foundation. Its secret is read when a token is needed, and forgotten with the run. */
export async function runFoundation({
  foundation,
  store,
  openParts,
  now,
  remainingMs,
  day,
  watch,
}: RunOptions): Promise<FoundationRun> {
  const { name, api, clientId, concurrency } = foundation;
  const source = new CloudFoundryFoundation({
    api,
    clientId,
    clientSecret: () => resolveSecret(foundation.clientSecret, `${foundation.key}.client_secret`),
    concurrency,
    userAgent: TOOL,
    retry: { remainingMs },
  });
  const losses: Loss[] = [];
  const onLoss = (loss: Loss): void => void losses.push(loss);
  try {
    const result = await archiveFoundation(
      { source, store, parts: await openParts?.(), now, concurrency, tool: TOOL, ...watch, onLoss },
      { foundation: name, policy: foundation, day },
    );
    return { kind: 'ran', ...result };
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    return { kind: 'refused', foundation: name, error, losses };
  } finally {
    await source.close();
  }
}
