import { type Day, daySchema } from './day.ts';
import { type FoundationName, foundationNameSchema } from './foundation.ts';
import {
  digestKey,
  digestSignatureKey,
  parseRevisionKey,
  questionDayKey,
  questionKey,
  runsPrefix,
} from './object-keys.ts';

/** What the key of an archived object says of it. */
export type ArchiveKey =
  | {
      readonly kind: 'part' | 'manifest';
      readonly foundation: FoundationName;
      readonly day: Day;
      readonly revision: number;
    }
  | {
      readonly kind: 'run';
      readonly foundation: FoundationName;
      /** UTC day of `startedAt`. */
      readonly day: Day;
      readonly startedAt: Date;
    }
  | {
      /** A question that was asked. */
      readonly kind: 'question';
      readonly foundation: FoundationName;
      /** UTC day of `loggedAt`. */
      readonly day: Day;
      readonly loggedAt: Date;
      /** What tells it from all others of the foundation. */
      readonly id: string;
    }
  | {
      /** Questions of a day, rolled into a table. */
      readonly kind: 'question-day';
      readonly foundation: FoundationName;
      readonly day: Day;
      readonly revision: number;
    }
  | {
      readonly kind: 'digest' | 'signature';
      readonly foundation: FoundationName;
      readonly day: Day;
    };

const RUN_KEY =
  /^runs\/v1\/foundation=([^/]+)\/dt=([^/]+)\/(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z)-[0-9a-f]+\.json$/;
const QUESTION_KEY =
  /^queries\/v1\/foundation=([^/]+)\/dt=[^/]+\/((\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z)-[0-9a-f]+)\.json$/;
const QUESTION_DAY_KEY =
  /^queries\/v1\/days\/foundation=([^/]+)\/dt=([^/]+)\/part-(\d{4,})\.parquet$/;
const DIGEST_KEY = /^digests\/v1\/foundation=([^/]+)\/([^/]+)\.(json|jws)$/;

/**
 * Undefined for every key that this program would not have written, such as `part-00001.parquet` or a thirteenth month: only one key names each object.
 */
export function parseArchiveKey(key: string): ArchiveKey | undefined {
  if (key.startsWith('runs/')) return parseRunKey(key);
  if (key.startsWith('digests/')) return parseDigestKey(key);
  if (key.startsWith('queries/v1/days/')) return parseQuestionDayKey(key);
  if (key.startsWith('queries/')) return parseQuestionKey(key);
  return parseRevisionKey(key);
}

function parseRunKey(key: string): ArchiveKey | undefined {
  const [, foundationText, dayText, instant = ''] = RUN_KEY.exec(key) ?? [];
  const foundation = foundationNameSchema.safeParse(foundationText);
  const day = daySchema.safeParse(dayText);
  const startedAt = new Date(instant);
  if (!foundation.success || !day.success || Number.isNaN(startedAt.getTime())) return undefined;
  const written = `${runsPrefix(foundation.data)}dt=${startedAt.toISOString().slice(0, 10)}/${startedAt.toISOString()}-`;
  return key.startsWith(written)
    ? { kind: 'run', foundation: foundation.data, day: day.data, startedAt }
    : undefined;
}

function parseQuestionKey(key: string): ArchiveKey | undefined {
  const [, foundationText, id = '', instant = ''] = QUESTION_KEY.exec(key) ?? [];
  const foundation = foundationNameSchema.safeParse(foundationText);
  const day = daySchema.safeParse(id.slice(0, 10));
  const loggedAt = new Date(instant);
  if (!foundation.success || !day.success || Number.isNaN(loggedAt.getTime())) return undefined;
  return questionKey(foundation.data, id) === key && loggedAt.toISOString() === instant
    ? { kind: 'question', foundation: foundation.data, day: day.data, loggedAt, id }
    : undefined;
}

function parseQuestionDayKey(key: string): ArchiveKey | undefined {
  const [, foundationText, dayText, number] = QUESTION_DAY_KEY.exec(key) ?? [];
  const foundation = foundationNameSchema.safeParse(foundationText);
  const day = daySchema.safeParse(dayText);
  if (!foundation.success || !day.success) return undefined;
  const revision = Number(number);
  return questionDayKey(foundation.data, day.data, revision) === key
    ? { kind: 'question-day', foundation: foundation.data, day: day.data, revision }
    : undefined;
}

function parseDigestKey(key: string): ArchiveKey | undefined {
  const [, foundationText, dayText, suffix] = DIGEST_KEY.exec(key) ?? [];
  const foundation = foundationNameSchema.safeParse(foundationText);
  const day = daySchema.safeParse(dayText);
  if (!foundation.success || !day.success) return undefined;
  const kind = suffix === 'json' ? 'digest' : 'signature';
  const write = kind === 'digest' ? digestKey : digestSignatureKey;
  return write(foundation.data, day.data) === key
    ? { kind, foundation: foundation.data, day: day.data }
    : undefined;
}
