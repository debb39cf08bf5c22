/** Which half of the foundation was asked. */
export type ServerName = 'api' | 'uaa';

/** A request as both halves see it. `path` and `query` are as they came, still percent-encoded; `query` has no `?`. */
export interface FoundationRequest {
  readonly server: ServerName;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

const JSON_TYPE = 'application/json; charset=utf-8';

export function jsonAnswer(
  status: number,
  document: unknown,
  headers: Record<string, string> = {},
): Answer {
  return jsonTextAnswer(status, JSON.stringify(document), headers);
}

/** For JSON that must go out as it was put together. */
export function jsonTextAnswer(
  status: number,
  body: string,
  headers: Record<string, string> = {},
): Answer {
  return { status, headers: { 'Content-Type': JSON_TYPE, ...headers }, body };
}

export function textAnswer(
  status: number,
  body: string,
  headers: Record<string, string> = {},
): Answer {
  return { status, headers: { 'Content-Type': 'text/plain; charset=utf-8', ...headers }, body };
}
