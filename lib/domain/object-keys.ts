import { type Day, daySchema } from './day.ts';
import { type FoundationName, foundationNameSchema } from './foundation.ts';

const revisionText = (revision: number): string => String(revision).padStart(4, '0');

export const eventsPrefix = (foundation: FoundationName): string =>
  `events/v1/foundation=${foundation}/`;

export const manifestsPrefix = (foundation: FoundationName): string =>
  `manifests/v1/foundation=${foundation}/`;

export const partKey = (foundation: FoundationName, day: Day, revision: number): string =>
  `${eventsPrefix(foundation)}dt=${day}/part-${revisionText(revision)}.parquet`;

export const manifestKey = (foundation: FoundationName, day: Day, revision: number): string =>
  `${manifestsPrefix(foundation)}dt=${day}/r${revisionText(revision)}.json`;

/** What a key of the archive says of the object: one revision of one day. */
export interface RevisionKey {
  readonly kind: 'part' | 'manifest';
  readonly foundation: FoundationName;
  readonly day: Day;
  readonly revision: number;
}

const REVISION_KEY =
  /^(?:events\/v1\/foundation=([^/]+)\/dt=([^/]+)\/part-(\d{4,})\.parquet|manifests\/v1\/foundation=([^/]+)\/dt=([^/]+)\/r(\d{4,})\.json)$/;

/** Undefined for a key that is neither a part nor a manifest as this program names them: only one key names each. */
export function parseRevisionKey(key: string): RevisionKey | undefined {
  const match = REVISION_KEY.exec(key);
  if (!match) return undefined;
  const foundation = foundationNameSchema.safeParse(match[1] ?? match[4]);
  const day = daySchema.safeParse(match[2] ?? match[5]);
  if (!foundation.success || !day.success) return undefined;
  const kind = match[1] === undefined ? 'manifest' : 'part';
  const revision = Number(match[3] ?? match[6]);
  const write = kind === 'part' ? partKey : manifestKey;
  return write(foundation.data, day.data, revision) === key
    ? { kind, foundation: foundation.data, day: day.data, revision }
    : undefined;
}

export const runsPrefix = (foundation: FoundationName): string =>
  `runs/v1/foundation=${foundation}/`;

/**
 * @param startedAt - when the run began; its UTC day is the partition
 * @param random - lower-case hex, so that two runs of one instant differ
 */
export const runReportKey = (
  foundation: FoundationName,
  startedAt: Date,
  random: string,
): string => {
  const instant = startedAt.toISOString();
  return `${runsPrefix(foundation)}dt=${instant.slice(0, 10)}/${instant}-${random}.json`;
};

export const digestsPrefix = (foundation: FoundationName): string =>
  `digests/v1/foundation=${foundation}/`;

export const digestKey = (foundation: FoundationName, day: Day): string =>
  `${digestsPrefix(foundation)}${day}.json`;

/** A compact JWS over what names and hashes the digest beside it. */
export const digestSignatureKey = (foundation: FoundationName, day: Day): string =>
  `${digestsPrefix(foundation)}${day}.jws`;

/** Questions as they were asked, one object each. */
export const questionsPrefix = (foundation: FoundationName): string =>
  `queries/v1/foundation=${foundation}/`;

/** What a key says of a question: when it was logged, and that it is another one than those of the same instant. */
export const questionId = (loggedAt: Date, random: string): string =>
  `${loggedAt.toISOString()}-${random}`;

/** @param id - of `questionId`; its UTC day is the partition */
export const questionKey = (foundation: FoundationName, id: string): string =>
  `${questionsPrefix(foundation)}dt=${id.slice(0, 10)}/${id}.json`;

/** Questions rolled into one table, a file a day; later files of a day hold only questions that were missing before. */
export const questionDaysPrefix = (foundation: FoundationName): string =>
  `queries/v1/days/foundation=${foundation}/`;

export const questionDayKey = (foundation: FoundationName, day: Day, revision: number): string =>
  `${questionDaysPrefix(foundation)}dt=${day}/part-${revisionText(revision)}.parquet`;
