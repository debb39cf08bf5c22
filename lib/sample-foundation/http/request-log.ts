import type { ServerName } from './exchange.ts';

export interface LoggedRequest {
  readonly server: ServerName;
  readonly method: string;
  readonly path: string;
  /** As it came, still percent-encoded, without `?`. */
  readonly query: string;
  /** null: the connection was broken before a status was sent. */
  readonly status: number | null;
  /** Kind of the fault that made the answer, if one did. */
  readonly fault?: string;
}

const MOST_ENTRIES_KEPT = 10_000;

/** The requests answered so far, oldest first. Only the newest 10,000 are kept; the count goes on. */
export class RequestLog {
  #entries: LoggedRequest[] = [];
  #total = 0;

  add(entry: LoggedRequest): void {
    this.#total++;
    this.#entries.push(entry);
    if (this.#entries.length > MOST_ENTRIES_KEPT * 2) {
      this.#entries = this.#entries.slice(-MOST_ENTRIES_KEPT);
    }
  }

  entries(): readonly LoggedRequest[] {
    return this.#entries.slice(-MOST_ENTRIES_KEPT);
  }

  /** Entries whose `path?query` matches: a text is looked for as it stands, in the encoded and the decoded form. */
  matching(pattern: string | RegExp): readonly LoggedRequest[] {
    return this.entries().filter((entry) => targetMatches(entry, pattern));
  }

  /** Requests since the start or the last reset, or of those still kept the ones that match. */
  count(pattern?: string | RegExp): number {
    return pattern === undefined ? this.#total : this.matching(pattern).length;
  }

  reset(): void {
    this.#entries = [];
    this.#total = 0;
  }
}

/** Does `path?query` of a request match, either as it came or percent-decoded? */
export function targetMatches(
  request: { readonly path: string; readonly query: string },
  pattern: string | RegExp,
): boolean {
  const target = request.query === '' ? request.path : `${request.path}?${request.query}`;
  return [target, decoded(target)].some((text) =>
    typeof pattern === 'string'
      ? text.includes(pattern)
      : new RegExp(pattern, pattern.flags.replace(/[gy]/g, '')).test(text),
  );
}

function decoded(target: string): string {
  try {
    return decodeURIComponent(target);
  } catch {
    return target;
  }
}
