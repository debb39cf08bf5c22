import { nearestName } from '../config/nearest-name.ts';
import { ACTOR_TYPES, TARGET_TYPES } from '../domain/actor-and-target-types.ts';
import { SENTENCE_TEMPLATES } from '../domain/event-sentence-templates.ts';

const KNOWN = Object.keys(SENTENCE_TEMPLATES);

/**
 * A line for each event type that was asked for and that no Cloud Controller is known to write. It may be a slip or a new type, so it is asked for all the same.
 *
 * @param types - exact, or prefixes that end in `*`
 */
export function typeHints(option: string, types: readonly string[] = []): string[] {
  return types.flatMap((type) => {
    const prefix = type.endsWith('*') ? type.slice(0, -1) : undefined;
    const isKnown = KNOWN.some((each) =>
      prefix === undefined ? each === type : each.startsWith(prefix),
    );
    if (isKnown) return [];
    const near = prefix === undefined ? nearestName(type, KNOWN) : nearestPrefix(prefix);
    return `${option} ${type}: no event type that is known${near === undefined ? '' : `; did you mean ${near}?`}`;
  });
}

/** A line for each type of an actor or a target that was asked for and that no Cloud Controller is known to write in these letters: `App` finds nothing. */
function wordHints(
  option: string,
  what: string,
  words: readonly string[] = [],
  known: readonly string[],
): string[] {
  return words
    .filter((word) => !known.includes(word))
    .map((word) => {
      const near = nearestName(word, known);
      const advice = near === undefined ? `known are ${known.join(', ')}` : `did you mean ${near}?`;
      return `${option} ${word}: no ${what} that is known; ${advice}`;
    });
}

/** What there is to say of the types in a question about events. */
export const questionHints = (asked: {
  readonly type?: readonly string[] | undefined;
  readonly notType?: readonly string[] | undefined;
  readonly actorType?: readonly string[] | undefined;
  readonly targetType?: readonly string[] | undefined;
}): string[] => [
  ...typeHints('--type', asked.type),
  ...typeHints('--not-type', asked.notType),
  ...wordHints('--actor-type', 'type of an actor', asked.actorType, ACTOR_TYPES),
  ...wordHints('--target-type', 'type of a target', asked.targetType, TARGET_TYPES),
];

/** Such as `audit.app.*` for `audit.ap.`. */
function nearestPrefix(prefix: string): string | undefined {
  const prefixes = new Set(
    KNOWN.flatMap((type) => {
      const words = type.split('.').slice(0, -1);
      return words.map((_, index) => `${words.slice(0, index + 1).join('.')}.*`);
    }),
  );
  return nearestName(`${prefix}*`, [...prefixes]);
}
