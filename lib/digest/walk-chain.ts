import type { Day } from '../domain/day.ts';
import { DAY_MS, startOf } from '../domain/day.ts';
import type { Digest } from '../domain/digest.ts';
import { digestKey } from '../domain/object-keys.ts';
import {
  type JudgedLink,
  judgeLink,
  type LinkFiles,
  loadLink,
  type WalkContext,
} from './judge-link.ts';

/** Links loaded ahead of the one that is judged. */
const PREFETCH = 3;

/** What the link after says of the one before it: its name, that there is none, or nothing. */
type Expected = Digest['previous'] | undefined;

/**
 * The links of a foundation's chain, newest first, each judged by its signature and by what the link after it says of it. One digest is held at a time.
 *
 * A link that cannot be trusted is yielded as a hole: nothing it says counts. Files that are no link of the chain are findings and are not yielded.
 *
 * @param digests - days with a digest
 * @param signatures - days with a signature
 */
export async function* walkChain(
  context: WalkContext,
  digests: ReadonlySet<Day>,
  signatures: ReadonlySet<Day>,
): AsyncGenerator<JudgedLink> {
  const { foundation, notes } = context;
  const listed = [...new Set([...digests, ...signatures])].sort().reverse();
  const files = prefetched(context, listed);
  let expected: Expected;
  let newer: JudgedLink | undefined;

  const join = (link: JudgedLink): JudgedLink => {
    if (newer) checkJoint(context, newer, link);
    expected = link.digest === undefined ? undefined : link.digest.previous;
    newer = link;
    return link;
  };

  for (const [index, day] of listed.entries()) {
    const loaded = await files(index);
    while (expected && dayOfLink(expected.key) > day) {
      yield join(
        judgeLink(context, absent(dayOfLink(expected.key)), expected, newer === undefined),
      );
    }
    if (expected === null || (expected && dayOfLink(expected.key) < day)) {
      for (const key of loaded.keys) {
        notes.finding({
          kind: 'extra',
          foundation,
          day,
          object: key,
          meaning: `it is no link of the chain: the link of ${newer?.day} names ${expected?.key ?? 'none'} as the one before it`,
        });
      }
      continue;
    }
    yield join(judgeLink(context, loaded, expected, newer === undefined));
  }
  while (expected) {
    yield join(judgeLink(context, absent(dayOfLink(expected.key)), expected, newer === undefined));
  }
}

/** `digests/v1/foundation=<f>/<day>.json`: documents are checked, so the key has this form. */
const dayOfLink = (key: string): Day => key.slice(key.lastIndexOf('/') + 1, -'.json'.length) as Day;

const absent = (day: Day): LinkFiles => ({
  day,
  keys: [],
  json: undefined,
  jws: undefined,
});

/** Load a few links ahead, in the order in which they are asked for. */
function prefetched(
  context: WalkContext,
  days: readonly Day[],
): (index: number) => Promise<LinkFiles> {
  const loads = new Map<number, Promise<LinkFiles>>();
  const load = (index: number): Promise<LinkFiles> | undefined => {
    const day = days[index];
    if (day === undefined) return undefined;
    const loading = loads.get(index) ?? loadLink(context, day);
    loading.catch(() => undefined);
    loads.set(index, loading);
    return loading;
  };
  return async (index) => {
    const wanted = load(index);
    for (let ahead = 1; ahead <= PREFETCH; ahead += 1) void load(index + ahead);
    const files = await wanted;
    loads.delete(index);
    if (files === undefined) throw new RangeError(`no link ${index}`);
    return files;
  };
}

/** What shows only where two links meet. */
function checkJoint(
  { foundation, notes }: WalkContext,
  newer: JudgedLink,
  older: JudgedLink,
): void {
  const missing = (startOf(newer.day).getTime() - startOf(older.day).getTime()) / DAY_MS - 1;
  if (missing > 0) {
    const first = new Date(startOf(older.day).getTime() + DAY_MS).toISOString().slice(0, 10) as Day;
    const last = new Date(startOf(newer.day).getTime() - DAY_MS).toISOString().slice(0, 10);
    notes.finding({
      kind: 'gap',
      foundation,
      day: first,
      object: digestKey(foundation, first),
      meaning:
        missing === 1
          ? 'nothing was signed on this calendar day'
          : `nothing was signed on ${missing} calendar days, ${first} to ${last}`,
    });
  }
  // A link that only waits for its signature is vouched for by nobody, so what it says of the one before it is checked the other way round.
  if (newer.claims !== undefined && older.digest !== undefined) {
    const { claims } = newer;
    if (claims?.key !== older.key || claims.sha256 !== older.sha256) {
      notes.finding({
        kind: 'invalid',
        foundation,
        day: newer.day,
        object: newer.key,
        meaning: `it has no signature and does not continue the chain, whose newest link is ${older.key}`,
      });
    }
  }
}
