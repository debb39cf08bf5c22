import { Agent, type Dispatcher } from 'undici';
import { z } from 'zod';
import { ArchiveError } from '../domain/errors.ts';
import type { FoundationLinks } from '../http/ports.ts';
import { HttpClient } from './http-client.ts';
import { DEFAULT_RETRY } from './retry.ts';

export interface FoundationLinkOptions {
  /** API root, such as `https://api.example.org`. */
  readonly api: string;
  readonly userAgent: string;
  /** Told when the foundation does not tell. */
  readonly uaa?: string | undefined;
  readonly login?: string | undefined;
  /** Default: an agent of its own. */
  readonly dispatcher?: Dispatcher;
  /** Milliseconds of a clock that never goes back; default: the process's. */
  readonly elapsedMs?: () => number;
}

const MAX_AGE_MS = 10 * 60_000;

/** A client waits; a foundation that has just not answered is not asked again at once. */
const PATIENCE_MS = 3_000;
const PAUSE_MS = 30_000;

/** The v3 API whose behaviour the drop-in has: told when the foundation's own is not known. */
const OWN_VERSION = '3.228.0';

const link = z.object({ href: z.url() });
const rootSchema = z.object({
  links: z.object({
    cloud_controller_v3: z.object({ meta: z.object({ version: z.string() }) }),
    uaa: link.nullish(),
    login: link.nullish(),
  }),
});

/**
 * Make the function that tells where a foundation's UAA and login server are: as its own `GET /` says, kept for ten minutes; when it cannot be read, as it last said; else as configured.
 *
 * The function throws ArchiveError CF_UNAVAILABLE when nobody knows.
 */
export function createFoundationLinks({
  api,
  userAgent,
  uaa,
  login,
  dispatcher = new Agent({ connections: 1 }),
  elapsedMs = () => performance.now(),
}: FoundationLinkOptions): () => Promise<FoundationLinks> {
  const http = new HttpClient({
    dispatcher,
    userAgent,
    timeoutMs: PATIENCE_MS,
    retry: { ...DEFAULT_RETRY, attempts: 1, remainingMs: () => PATIENCE_MS },
  });
  const configured = configuredLinks(uaa, login);
  let known: FoundationLinks | undefined;
  let askAgainAt = Number.NEGATIVE_INFINITY;

  return async () => {
    if (elapsedMs() >= askAgainAt) {
      askAgainAt = elapsedMs() + PAUSE_MS;
      const read = await http
        .getJson(new URL('/', api))
        .then((document) => toLinks(document))
        .catch(() => undefined);
      if (read !== undefined) {
        known = read;
        askAgainAt = elapsedMs() + MAX_AGE_MS;
      }
    }
    const links = known ?? configured;
    if (links !== undefined) return links;
    throw new ArchiveError(
      'CF_UNAVAILABLE',
      `${api} does not tell where its UAA is; configure \`uaa\` and \`login\` of the foundation for when it is gone`,
    );
  };
}

function toLinks(document: unknown): FoundationLinks | undefined {
  const links = rootSchema.safeParse(document).data?.links;
  const uaa = links?.uaa?.href ?? links?.login?.href;
  if (links === undefined || uaa === undefined) return undefined;
  return {
    uaa,
    login: links.login?.href ?? uaa,
    version: links.cloud_controller_v3.meta.version,
  };
}

function configuredLinks(
  uaa: string | undefined,
  login: string | undefined,
): FoundationLinks | undefined {
  const either = uaa ?? login;
  if (either === undefined) return undefined;
  return { uaa: either, login: login ?? either, version: OWN_VERSION };
}
