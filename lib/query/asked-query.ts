import type { ColumnName } from '../domain/columns.ts';
import { type EventQuery, eventQuerySchema } from '../domain/event-query.ts';
import { invalidWords } from '../domain/invalid-words.ts';
import { askedRange, type RangeWords } from './asked-range.ts';
import { archiveBegin, beginBefore, type SearchContext } from './search-events.ts';

/** A question as people write it, on the command line or in a URL. */
export interface AskedWords extends RangeWords {
  readonly guid?: readonly string[] | undefined;
  readonly type?: readonly string[] | undefined;
  readonly notType?: readonly string[] | undefined;
  readonly actor?: readonly string[] | undefined;
  readonly actorType?: readonly string[] | undefined;
  readonly target?: readonly string[] | undefined;
  readonly notTarget?: readonly string[] | undefined;
  readonly targetType?: readonly string[] | undefined;
  readonly space?: readonly string[] | undefined;
  readonly organization?: readonly string[] | undefined;
  readonly text?: readonly string[] | undefined;
  readonly order?: 'newest' | 'oldest' | undefined;
}

export interface AskedSize {
  readonly limit?: number | undefined;
  readonly columns?: readonly ColumnName[] | undefined;
}

/**
 * The question that words ask. Messages name a word as an option: `not-type`.
 *
 * @throws ArchiveError QUERY_INVALID, a line for each word that is wrong
 */
export async function askedQuery(
  context: Pick<SearchContext, 'coverage' | 'today'>,
  foundations: EventQuery['foundations'],
  words: AskedWords,
  size: AskedSize,
  now: Date,
): Promise<EventQuery> {
  const { from, to, timeZone, today, yesterday, last, month } = words;
  const range = askedRange({ from, to, timeZone, today, yesterday, last, month }, now);
  const parsed = eventQuerySchema.safeParse({
    foundations,
    from: beginBefore(range.from ?? (await archiveBegin(context, foundations)), range.to),
    to: range.to,
    rangeWords: range.words,
    openRange: range.from === undefined,
    guids: words.guid,
    types: words.type,
    notTypes: words.notType,
    actors: words.actor,
    actorTypes: words.actorType,
    targets: words.target,
    notTargets: words.notTarget,
    targetTypes: words.targetType,
    spaces: words.space,
    organizations: words.organization,
    texts: words.text,
    order: words.order,
    ...size,
  });
  if (parsed.success) return parsed.data;
  throw invalidWords(parsed.error.issues, WORD_OF);
}

const WORD_OF: Readonly<Record<string, string>> = {
  guids: 'guid',
  types: 'type',
  notTypes: 'not-type',
  actors: 'actor',
  actorTypes: 'actor-type',
  targets: 'target',
  notTargets: 'not-target',
  targetTypes: 'target-type',
  spaces: 'space',
  organizations: 'organization',
  texts: 'text',
};
