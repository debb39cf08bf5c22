import { parseArchiveKey } from '../domain/archive-key.ts';
import type { FoundationName } from '../domain/foundation.ts';
import type { ObjectStore } from '../domain/object-store.ts';
import type { ChainIndex } from './chain-index.ts';
import type { Notes } from './finding.ts';
import { readFacts } from './read-facts.ts';

export interface UnnamedContext {
  readonly store: ObjectStore;
  readonly foundation: FoundationName;
  /** The instant as of which is judged. */
  readonly now: Date;
  readonly index: ChainIndex;
  readonly notes: Notes;
  readonly onObject: (bytes: number) => void;
}

/** Note what it means that a listed manifest, run report or question is named by no trusted link. */
export async function checkUnnamed(context: UnnamedContext, key: string): Promise<void> {
  const { store, foundation, now, index, notes } = context;
  const facts = await readFacts(store, key);
  if (facts === undefined) return;
  context.onObject(facts.bytes);
  const about = { foundation, day: parseArchiveKey(key)?.day ?? null, object: key };
  if (facts.writtenAt === undefined) {
    notes.finding({ ...about, kind: 'invalid', meaning: `not signed, and ${facts.problem}` });
    return;
  }
  const judged = index.judgeUnnamed(facts.writtenAt, now);
  switch (judged.kind) {
    case 'pending':
      notes.remark({
        ...about,
        kind: 'pending',
        meaning: 'not signed yet; the next digest will name it, until then nothing vouches for it',
      });
      return;
    case 'unvouched':
      notes.remark({
        ...about,
        kind: 'unvouched',
        meaning: `only the digest of ${judged.hole} could vouch for it`,
      });
      return;
    case 'unsigned':
      notes.finding({ ...about, kind: 'unsigned', meaning: `no digest names it: ${judged.why}` });
  }
}
