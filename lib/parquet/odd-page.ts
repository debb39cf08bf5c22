import { createHash } from 'node:crypto';
import {
  elementsOf,
  isArray,
  isObject,
  membersOf,
  type Slice,
  wholeValue,
} from '../domain/json-slices.ts';
import { type EventColumns, readOddEvent } from './odd-event.ts';

export interface OddPage {
  readonly totalResults: number;
  readonly events: readonly EventColumns[];
  /** Whether every event has an instant of its own: one without is put where the event before it is. */
  readonly dated: boolean;
}

/** As far as JavaScript counts exactly. */
const COUNT = /^(?:0|[1-9]\d{0,14})$/;

const latin1 = (bytes: Uint8Array, { from, to }: Slice): string =>
  Buffer.from(bytes.subarray(from, to)).toString('latin1');

function member(bytes: Uint8Array, object: Slice | undefined, name: string): Slice | undefined {
  if (object === undefined || !isObject(bytes, object)) return undefined;
  const quoted = JSON.stringify(name);
  return membersOf(bytes, object).find(({ key }) => latin1(bytes, key) === quoted)?.value;
}

/**
 * Read a page that the fast path refused, event by event: one bad event costs the others nothing.
 *
 * An event without a GUID gets `unidentified-` and the hash of its bytes; of several with the same bytes on a page the second is `…-2`, so that each survives and a later reading finds them again.
 *
 * @param windowFrom - start of the page's window, in milliseconds: where an event without a readable instant is put that has none before it
 * @throws SyntaxError when the page as a whole is cut off, malformed, or no page of audit events; the message says where
 */
export function readOddPage(bytes: Uint8Array, windowFrom: number): OddPage {
  const page = wholeValue(bytes);
  const resources = member(bytes, page, 'resources');
  const total = member(bytes, member(bytes, page, 'pagination'), 'total_results');
  if (!total || !resources || !isArray(bytes, resources)) {
    throw new SyntaxError('no `pagination.total_results` and `resources`: not a page of events');
  }
  const count = latin1(bytes, total);
  if (!COUNT.test(count)) throw new SyntaxError('`pagination.total_results` is no count');

  const unidentified = unidentifiedGuids();
  let dated = true;
  let previous = windowFrom;
  const events = elementsOf(bytes, resources).map((slice): EventColumns => {
    const event = readOddEvent(bytes, slice);
    if (event.created_at === null) dated = false;
    else previous = event.created_at;
    return {
      ...event,
      guid: event.guid ?? unidentified(bytes.subarray(slice.from, slice.to)),
      created_at: previous,
    };
  });
  return { totalResults: Number(count), events, dated };
}

/** Names events by their bytes, and equal ones by their order. */
function unidentifiedGuids(): (event: Uint8Array) => string {
  const seen = new Map<string, number>();
  return (event) => {
    const hash = createHash('sha256').update(event).digest('hex').slice(0, 32);
    const ordinal = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, ordinal);
    return `unidentified-${hash}${ordinal === 1 ? '' : `-${ordinal}`}`;
  };
}
