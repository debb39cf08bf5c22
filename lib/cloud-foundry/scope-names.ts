import { z } from 'zod';
import type { HttpClient } from './http-client.ts';

/** A GUID costs 37 bytes and nginx takes 8 KiB of request line by default (CC §8). */
const GUIDS_PER_REQUEST = 150;

const listSchema = z.object({
  resources: z.array(z.object({ guid: z.string(), name: z.string() })),
});

/** Names of organizations or spaces by GUID, each asked for once in a run; what is deleted is simply absent. */
export class ScopeNameLookup {
  readonly #http: HttpClient;
  readonly #list: URL;
  readonly #known = new Map<string, string>();
  readonly #asked = new Set<string>();

  /** @param list - such as `https://api.example.org/v3/spaces` */
  constructor(http: HttpClient, list: URL) {
    this.#http = http;
    this.#list = list;
  }

  async namesOf(guids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const unknown = [...new Set(guids)].filter((guid) => !this.#asked.has(guid));
    for (let from = 0; from < unknown.length; from += GUIDS_PER_REQUEST) {
      const batch = unknown.slice(from, from + GUIDS_PER_REQUEST);
      const url = new URL(this.#list);
      // Cloud Controller decodes each value once more after splitting at commas.
      url.searchParams.set('guids', batch.map(encodeURIComponent).join(','));
      url.searchParams.set('per_page', String(GUIDS_PER_REQUEST));
      const { resources } = listSchema.parse(await this.#http.getJson(url));
      for (const { guid, name } of resources) this.#known.set(guid, name);
      for (const guid of batch) this.#asked.add(guid);
    }
    return new Map(
      guids.flatMap((guid) => {
        const name = this.#known.get(guid);
        return name === undefined ? [] : [[guid, name] as const];
      }),
    );
  }
}
