import { Logger } from '@aws-lambda-powertools/logger';
import { ArchiveError } from '../domain/errors.ts';
import type { FoundationName } from '../domain/foundation.ts';
import { metricsLine } from './metrics-line.ts';

/** The structured log of a function, one line of JSON an entry; its level is `POWERTOOLS_LOG_LEVEL`. @param name - of the function */
export const createFunctionLog = (name: string): Logger => new Logger({ serviceName: name });

/** For the middleware that puts the request's facts into each entry: an event is never logged, whatever the environment says. */
export const LOG_CONTEXT = { logEvent: false, resetKeys: true } as const;

/** What a log may say of an error: code and message of ours, which never hold a secret; of a fault its stack, too. */
export function errorFacts(error: unknown): Readonly<Record<string, string>> {
  if (error instanceof ArchiveError) return { code: error.code, message: error.message };
  const { name, message, stack } = Object(error);
  return { code: 'FAULT', name: String(name), message: String(message), stack: String(stack) };
}

/** Write metrics into the function's log, where CloudWatch finds them: a line of its own, as it stands. */
export function putMetrics(
  program: string,
  foundation: FoundationName,
  numbers: Readonly<Record<string, number>>,
): void {
  process.stdout.write(`${metricsLine(program, foundation, numbers)}\n`);
}
