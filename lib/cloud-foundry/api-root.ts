import { z } from 'zod';
import { ArchiveError } from '../domain/errors.ts';
import type { HttpClient } from './http-client.ts';

/** Since 3.88.0 `created_ats` takes `[gte]` and `[lt]` together (CC §1.1). */
export const OLDEST_API_VERSION = '3.88.0';

const link = z.object({ href: z.url() });
const apiRootSchema = z.object({
  links: z.object({
    cloud_controller_v3: z.object({ meta: z.object({ version: z.string() }) }),
    uaa: link.nullish(),
    login: link.nullish(),
  }),
});

export interface ApiRoot {
  readonly version: string;
  readonly uaa: URL;
}

const isOlder = (version: string, than: string): boolean => {
  const [a, b] = [version, than].map((text) => text.split('.').map(Number));
  for (let index = 0; index < 3; index += 1) {
    const difference = (a?.[index] ?? 0) - (b?.[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
};

/**
 * Read `GET /`, the one document that needs no token.
 *
 * @throws ArchiveError CF_RESPONSE_INVALID when the URL is no Cloud Foundry API, CF_UNSUPPORTED when its v3 API is too old
 */
export async function readApiRoot(http: HttpClient, api: URL): Promise<ApiRoot> {
  const parsed = apiRootSchema.safeParse(await getRoot(http, api));
  const uaa = parsed.data?.links.uaa?.href ?? parsed.data?.links.login?.href;
  if (!parsed.success || uaa === undefined) {
    throw noApiRoot(api, 'it names no cloud_controller_v3 version and UAA', parsed.error);
  }
  const { version } = parsed.data.links.cloud_controller_v3.meta;
  if (isOlder(version, OLDEST_API_VERSION)) {
    throw new ArchiveError(
      'CF_UNSUPPORTED',
      `${api.origin} speaks v3 API ${version}; this program needs ${OLDEST_API_VERSION} or later, the first whose time filter takes both ends of a window`,
    );
  }
  return { version, uaa: new URL(uaa) };
}

/** What answers, but not as a Cloud Foundry API does, is most often another host's URL. */
async function getRoot(http: HttpClient, api: URL): Promise<unknown> {
  try {
    return await http.getJson(new URL('/', api));
  } catch (error) {
    if (!(error instanceof ArchiveError) || error.code !== 'CF_RESPONSE_INVALID') throw error;
    throw noApiRoot(api, error.message, error);
  }
}

const noApiRoot = (api: URL, why: string, cause: unknown): ArchiveError =>
  new ArchiveError(
    'CF_RESPONSE_INVALID',
    `${api.origin}/ is no Cloud Foundry API root: ${why}; check \`api\``,
    { cause },
  );
