import { parseDuration } from './duration.ts';
import type { HttpDocument } from './http-document.ts';
import { type SecretRef, secretRef } from './secret-ref.ts';
import { parseSize } from './size.ts';

/** Of a known caller. Whoever asks a server without identity is at its own machine. */
const QUESTIONS_PER_HOUR = 3_600;

/** How the archive is served, ready for use. */
export interface HttpConfiguration {
  /** `none`: whoever reaches it sees everything. */
  readonly identity: 'none' | 'uaa';
  /** `required`: what cannot be put on record is not answered. */
  readonly queryLog: 'required' | 'optional' | 'off';
  /** Origin that clients reach it by; undefined: the one they asked. */
  readonly url: string | undefined;
  /** Host names of foundations, by their name. */
  readonly hosts: Readonly<Record<string, string>>;
  readonly corsOrigins: readonly string[];
  readonly questionsPerUser: number;
  readonly questionsPerHour: number | undefined;
  readonly timeoutMs: number;
  readonly exportTimeoutMs: number;
  readonly maxRangeMs: number | undefined;
  readonly dailyScanBytes: number | undefined;
  readonly maxPageBytes: number | undefined;
  /** What cursors are signed with; undefined: a key of this machine. */
  readonly cursorKey: SecretRef | undefined;
  /** Bucket for exports; undefined: they are sent as the answer. */
  readonly exportBucket: string | undefined;
}

/** @param pathOf - makes a path of the configuration absolute */
export const httpConfiguration = (
  written: HttpDocument,
  pathOf: (path: string) => string,
): HttpConfiguration => ({
  identity: written.identity,
  queryLog: written.query_log,
  url: written.url && new URL(written.url).origin,
  hosts: written.hosts,
  corsOrigins: written.cors.map((origin) => new URL(origin).origin),
  questionsPerUser: written.questions_per_user,
  questionsPerHour:
    written.questions_per_hour ?? (written.identity === 'uaa' ? QUESTIONS_PER_HOUR : undefined),
  timeoutMs: parseDuration(written.timeout) ?? 0,
  exportTimeoutMs: parseDuration(written.export_timeout) ?? 0,
  maxRangeMs: written.max_range === undefined ? undefined : parseDuration(written.max_range),
  dailyScanBytes: written.daily_scan === undefined ? undefined : parseSize(written.daily_scan),
  maxPageBytes: parseSize(written.max_answer),
  cursorKey: written.cursor_key && secretRef(written.cursor_key, pathOf),
  exportBucket: written.exports?.replace(/^s3:\/\/|\/$/g, ''),
});
