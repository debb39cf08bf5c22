import type { SampleFoundation } from '../../../lib/sample-foundation/sample-foundation.ts';
import type { TokenRequest } from '../../../lib/sample-foundation/uaa/uaa.ts';

export interface Received {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export interface ListPage {
  readonly pagination: {
    readonly total_results: number;
    readonly total_pages: number;
    readonly first: { readonly href: string };
    readonly last: { readonly href: string };
    readonly next: { readonly href: string } | null;
    readonly previous: { readonly href: string } | null;
  };
  // biome-ignore lint/suspicious/noExplicitAny: resources of every kind are read here
  readonly resources: readonly any[];
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly included?: any;
}

/** Asks Cloud Controller with one token and never follows or retries anything. */
export interface CloudControllerClient {
  /** Path with query, or an absolute URL, sent as it is. */
  get(path: string, headers?: Record<string, string>): Promise<Received>;
  /** @throws unless the answer is 200 */
  list(path: string): Promise<ListPage>;
  /** GUIDs of the resources of a list, in its order. */
  guids(path: string): Promise<string[]>;
  /** Status and first error of an answer that must not be 200. */
  error(path: string): Promise<{ status: number; title: string; detail: string; code: number }>;
}

/** A client of the archiver's, or of whom the request says. */
export async function aClientOf(
  foundation: SampleFoundation,
  request: TokenRequest = {},
): Promise<CloudControllerClient> {
  return aClientWith(foundation, `bearer ${await foundation.uaa.token(request)}`);
}

/** @param authorization - the header; undefined: none */
export function aClientWith(
  foundation: SampleFoundation,
  authorization: string | undefined,
): CloudControllerClient {
  const own: Record<string, string> = authorization === undefined ? {} : { authorization };
  const get = async (path: string, headers: Record<string, string> = {}): Promise<Received> => {
    const url = path.startsWith('http') ? path : `${foundation.apiUrl}${path}`;
    const response = await fetch(url, { headers: { ...own, ...headers } });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  const list = async (path: string): Promise<ListPage> => {
    const { status, text } = await get(path);
    if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
    return JSON.parse(text) as ListPage;
  };
  return {
    get,
    list,
    guids: async (path) => (await list(path)).resources.map(({ guid }) => String(guid)),
    error: async (path) => {
      const { status, text } = await get(path);
      return { status, ...JSON.parse(text).errors[0] };
    },
  };
}
