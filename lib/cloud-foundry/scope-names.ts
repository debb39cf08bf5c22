import { z } from 'zod';
import { ArchiveError } from '../domain/errors.ts';
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

  /**
   * Best effort: when a request fails, the names it and later requests would have given are left out, and asked for again next time.
   *
   * @throws ArchiveError DEADLINE_REACHED only
   */
  async namesOf(guids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const unknown = [...new Set(guids)].filter((guid) => !this.#asked.has(guid));
    for (let from = 0; from < unknown.length; from += GUIDS_PER_REQUEST) {
      const answered = await this.#ask(unknown.slice(from, from + GUIDS_PER_REQUEST));
      if (!answered) break;
    }
    return new Map(
      guids.flatMap((guid) => {
        const name = this.#known.get(guid);
        return name === undefined ? [] : [[guid, name] as const];
      }),
    );
  }

  /** False: no usable answer. */
  async #ask(guids: readonly string[]): Promise<boolean> {
    const url = new URL(this.#list);
    // Cloud Controller decodes each value once more after splitting at commas.
    url.searchParams.set('guids', guids.map(encodeURIComponent).join(','));
    url.searchParams.set('per_page', String(GUIDS_PER_REQUEST));
    const list = listSchema.safeParse(await this.#getOrNothing(url));
    if (!list.success) return false;
    for (const { guid, name } of list.data.resources) this.#known.set(guid, name);
    for (const guid of guids) this.#asked.add(guid);
    return true;
  }

  async #getOrNothing(url: URL): Promise<unknown> {
    try {
      return await this.#http.getJson(url);
    } catch (error) {
      if (error instanceof ArchiveError && error.code !== 'DEADLINE_REACHED') return undefined;
      throw error;
    }
  }
}
