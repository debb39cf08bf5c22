import { type Day, dayOf } from '../domain/day.ts';
import { isYoung } from './grace.ts';
import type { JudgedLink } from './judge-link.ts';

/** What it means that no trusted link names a manifest or a run report. */
export type Unnamed =
  | { readonly kind: 'pending' }
  | { readonly kind: 'unsigned'; readonly why: string }
  | { readonly kind: 'unvouched'; readonly hole: Day };

interface IndexedLink {
  readonly day: Day;
  /** Undefined: a hole. */
  readonly signedAt: Date | undefined;
  readonly unsigned: boolean;
}

/** When each link of a chain was made, filled newest first: a few bytes for each. */
export class ChainIndex {
  readonly #links: IndexedLink[] = [];
  #newest: Date | undefined;

  add({ day, digest, unsigned }: JudgedLink): void {
    const signedAt = digest && new Date(digest.signed_at);
    this.#links.push({ day, signedAt, unsigned });
    this.#newest ??= signedAt;
  }

  /** When the newest trusted link was made. */
  get newest(): Date | undefined {
    return this.#newest;
  }

  /** Whether an instant lies after the newest trusted link. */
  isAfterNewest(instant: Date): boolean {
    return this.#newest === undefined || instant > this.#newest;
  }

  /**
   * Judge an object that no trusted link names. All links as old as the object must have been added.
   *
   * @param writtenAt - when the object says it was written
   */
  judgeUnnamed(writtenAt: Date, now: Date): Unnamed {
    const namer = this.#namerOf(writtenAt);
    if (namer !== undefined && namer.signedAt === undefined && !namer.unsigned) {
      return { kind: 'unvouched', hole: namer.day };
    }
    if (this.isAfterNewest(writtenAt)) {
      return isYoung(writtenAt, now)
        ? { kind: 'pending' }
        : { kind: 'unsigned', why: 'no digest was made since it was written' };
    }
    return {
      kind: 'unsigned',
      why: `the digest of ${namer?.day} was made after it and does not name it`,
    };
  }

  /** The first link made after an instant; a hole may have been made at any time of its day. */
  #namerOf(instant: Date): IndexedLink | undefined {
    const day = dayOf(instant);
    return this.#links.findLast((link) =>
      link.signedAt === undefined ? link.day >= day : link.signedAt >= instant,
    );
  }
}
