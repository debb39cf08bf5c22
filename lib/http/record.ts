import type { Context } from 'hono';
import { ArchiveError } from '../domain/errors.ts';
import type { Caller } from '../identity/caller.ts';
import type { ScanMeter } from '../query/metered-engine.ts';
import { addressOf } from './client-address.ts';
import type { Site } from './ports.ts';
import type { ReplyFacts } from './reply.ts';
import type { HttpServer } from './server.ts';

export interface Asked {
  readonly sites: readonly [Site, ...Site[]];
  readonly caller: Caller;
  /** Whose daily share it takes. */
  readonly user: string;
  readonly at: Date;
  /** What the caller wrote into `X-Ticket`, as far as it is kept. */
  readonly purpose: string | undefined;
  readonly meter: ScanMeter;
}

/** Puts what came of a question on record. @throws ArchiveError QUERY_LOG_FAILED */
export type PutOnRecord = (status: number, outcome: string, facts?: ReplyFacts) => Promise<void>;

/** What puts a question on record as started, however often it is called. */
export function startedOnce(record: PutOnRecord): (status: number) => Promise<void> {
  let recording: Promise<void> | undefined;
  return (status) => {
    recording ??= record(status, 'started');
    return recording;
  };
}

/** What puts a question on record, in the log and with what its user has read today. */
export function recordOf(
  { ports, scans }: HttpServer,
  c: Context,
  { sites, caller, user, at, purpose, meter }: Asked,
): PutOnRecord {
  const { pathname, searchParams } = new URL(c.req.url);
  let charged = 0;
  return async (status, outcome, { rows, coverage } = { rows: 0 }) => {
    const { scannedBytes } = meter;
    scans.add(user, scannedBytes - charged, at);
    charged = scannedBytes;
    try {
      await ports.log({
        at,
        caller,
        address: addressOf(c),
        foundations: sites.map(({ name }) => name),
        path: pathname,
        parameters: [...searchParams],
        purpose,
        rows,
        scannedBytes,
        coverage,
        status,
        outcome,
      });
    } catch (cause) {
      throw new ArchiveError(
        'QUERY_LOG_FAILED',
        'the question cannot be put on record, so it is not answered; ask again in a minute',
        { cause },
      );
    }
  };
}
