import { elementsOf, isArray, isObject, membersOf, type Slice, wholeValue } from '../domain/json-slices.ts';
import { type EventColumns, readOddEvent } from './odd-event.ts';

export interface OddPage {
  readonly totalResults: number;
  readonly events: readonly EventColumns[];
}

function member(bytes: Uint8Array, object: Slice, name: string): Slice | undefined {
  if (!isObject(bytes, object)) return undefined;
  const quoted = JSON.stringify(name);
  return membersOf(bytes, object).find(
    ({ key }) => Buffer.from(bytes.subarray(key.from, key.to)).toString('latin1') === quoted,
  )?.value;
}

/**
 * Read a page that the fast path refused, event by event: one bad event costs the others nothing.
 *
 * @param windowFrom - start of the page's window, in milliseconds: where an event without a readable instant is put that has none before it
 * @throws SyntaxError when the page as a whole is cut off, malformed, or no page of audit events; the message says where
 */
export function readOddPage(bytes: Uint8Array, windowFrom: number): OddPage {
  const page = wholeValue(bytes);
  const pagination = member(bytes, page, 'pagination');
  const resources = member(bytes, page, 'resources');
  const total = pagination && member(bytes, pagination, 'total_results');
  if (!total || !resources || !isArray(bytes, resources)) {
    throw new SyntaxError('no `pagination.total_results` and `resources`: not a page of events');
  }
  const totalResults = Number(Buffer.from(bytes.subarray(total.from, total.to)).toString('latin1'));
  if (!Number.isSafeInteger(totalResults) || totalResults < 0) {
    throw new SyntaxError('`pagination.total_results` is no count');
  }
  let previous = windowFrom;
  const events = elementsOf(bytes, resources).map((slice) => {
    const event = readOddEvent(bytes, slice, previous);
    previous = event.created_at;
    return event;
  });
  return { totalResults, events };
}
