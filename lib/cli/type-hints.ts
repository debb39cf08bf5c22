import { nearestName } from '../config/nearest-name.ts';
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
