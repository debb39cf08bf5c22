import { createHash } from 'node:crypto';
import { type EventQuery, queryFingerprint } from '../domain/event-query.ts';
import type { EventGroup, GroupColumn, ListedPart } from './ports.ts';
import type { SearchContext } from './search-events.ts';

const MAX_GROUPS = 200_000;

/** Groups that were found once: parts never change, so the same question over the same parts has the same groups. Keeps those asked last. */
export class GroupMemory {
  readonly #answers = new Map<string, readonly EventGroup[]>();
  #size = 0;

  /** Groups as the engine finds them; those given again are not looked for. */
  async groups(
    { engine, visibility, signal }: Pick<SearchContext, 'engine' | 'visibility' | 'signal'>,
    query: EventQuery,
    parts: readonly ListedPart[],
    by: readonly GroupColumn[],
  ): Promise<readonly EventGroup[]> {
    if (parts.length === 0) return [];
    const key = createHash('sha256')
      .update(queryFingerprint({ ...query, order: 'oldest', rangeWords: undefined }))
      .update(JSON.stringify([visibility, by, parts.map((part) => part.key)]))
      .digest('base64url');
    const known = this.#answers.get(key);
    if (known !== undefined) {
      this.#answers.delete(key);
      this.#answers.set(key, known);
      return known;
    }
    const { groups } = await engine.groups(query, parts, { by, visibility, signal });
    this.#keep(key, groups);
    return groups;
  }

  #keep(key: string, groups: readonly EventGroup[]): void {
    // It may have been asked twice at the same time.
    if (this.#answers.has(key)) return;
    this.#answers.set(key, groups);
    this.#size += groups.length + 1;
    for (const [oldest, { length }] of this.#answers) {
      if (this.#size <= MAX_GROUPS || oldest === key) return;
      this.#answers.delete(oldest);
      this.#size -= length + 1;
    }
  }
}
