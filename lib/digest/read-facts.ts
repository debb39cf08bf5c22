import { parseArchiveKey } from '../domain/archive-key.ts';
import { sha256Hex } from '../domain/digest.ts';
import type { ManifestFacts, RunFacts } from '../domain/digest-coverage.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import { readManifestDocument, readRunDocument } from './documents.ts';

/** What a digest, and whoever checks one, takes from a manifest or a run report. */
export interface ObjectFacts {
  /** Of the exact bytes. */
  readonly sha256: string;
  readonly bytes: number;
  /** What is wrong with the document; the rest is then undefined. */
  readonly problem?: string;
  /** When the document says it was written. */
  readonly writtenAt?: Date;
  readonly manifest?: ManifestFacts;
  readonly run?: RunFacts;
}

/** Read a manifest or run report and keep the little that is needed of it. Undefined: it is not there. */
export async function readFacts(store: ObjectStore, key: string): Promise<ObjectFacts | undefined> {
  const bytes = await store.get(key);
  if (bytes === undefined) return undefined;
  const base = { sha256: sha256Hex(bytes), bytes: bytes.byteLength };
  if (parseArchiveKey(key)?.kind === 'manifest') {
    const read = readManifestDocument(key, bytes);
    if (!read.ok) return { ...base, problem: read.problem };
    const { dt, revision, status, cumulative, finished_at } = read.value;
    return {
      ...base,
      writtenAt: new Date(finished_at),
      manifest: { dt, revision, status, cumulative },
    };
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
    writtenAt: new Date(read.value.finished_at),
    run: { days, losses: read.value.losses },
  };
}
