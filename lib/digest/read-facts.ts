import { parseArchiveKey } from '../domain/archive-key.ts';
import { sha256Hex } from '../domain/digest.ts';
import type { ManifestFacts, RunFacts } from '../domain/digest-coverage.ts';
import { plusMs } from '../domain/instant.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import { readQuestion } from '../domain/question-entry.ts';
import { readManifestDocument, readRunDocument } from './documents.ts';

/** What a digest, and whoever checks one, takes from an object that links name. */
export interface ObjectFacts {
  /** Of the exact bytes. */
  readonly sha256: string;
  readonly bytes: number;
  /** What is wrong with the document; the rest is then undefined. */
  readonly problem?: string;
  /** By when it was in the store, as the document says; undefined for a rolled day of the query log, which does not say it. */
  readonly writtenAt?: Date;
  readonly manifest?: ManifestFacts;
  readonly run?: RunFacts;
}

/** What says that it was written just before a digest was made may have reached the store just after. So much later it has. */
const STORED_WITHIN_MS = 15 * 60_000;

const storedBy = (said: Date): Date => plusMs(said, STORED_WITHIN_MS);

/** Read an object that links name and keep the little that is needed of it; of a rolled day of the query log that are its bytes alone. Undefined: it is not there. */
export async function readFacts(store: ObjectStore, key: string): Promise<ObjectFacts | undefined> {
  const bytes = await store.get(key);
  if (bytes === undefined) return undefined;
  const base = { sha256: sha256Hex(bytes), bytes: bytes.byteLength };
  const place = parseArchiveKey(key);
  if (place?.kind === 'manifest') {
    const read = readManifestDocument(key, bytes);
    if (!read.ok) return { ...base, problem: read.problem };
    const { dt, revision, status, cumulative, finished_at } = read.value;
    return {
      ...base,
      writtenAt: storedBy(new Date(finished_at)),
      manifest: { dt, revision, status, cumulative },
    };
  }
  if (place?.kind === 'question-day') return base;
  if (place?.kind === 'question') {
    if (readQuestion(key, bytes) === undefined) {
      return { ...base, problem: 'it is no entry of the query log, or not that of its key' };
    }
    return { ...base, writtenAt: storedBy(place.loggedAt) };
  }
  const read = readRunDocument(key, bytes);
  if (!read.ok) return { ...base, problem: read.problem };
  const days = read.value.days.map(({ dt, counted_at, at_source, deleted_at_source }) => ({
    dt,
    counted_at,
    at_source,
    deleted_at_source,
  }));
  return {
    ...base,
    writtenAt: storedBy(new Date(read.value.finished_at)),
    run: { days, losses: read.value.losses },
  };
}
