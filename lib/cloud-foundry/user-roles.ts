import { z } from 'zod';
import { ArchiveError } from '../domain/errors.ts';
import type { EventRole, Role } from '../visibility/ports.ts';
import type { HttpClient } from './http-client.ts';

const PAGE_SIZE = 5_000;

/** A user whose roles change while they are paged is asked for again. */
const MAX_ATTEMPTS = 4;

/** Cloud Controller's columns for GUIDs hold no more. */
const guid = z.string().min(1).max(255);
const relationship = z.object({ data: z.object({ guid }).nullable() });

const pageSchema = z.object({
  pagination: z.object({ total_results: z.int() }),
  resources: z.array(
    z.object({
      guid,
      type: z.string(),
      relationships: z.object({
        user: z.object({ data: z.object({ guid }) }),
        space: relationship,
        organization: relationship,
      }),
    }),
  ),
});
type RolePage = z.infer<typeof pageSchema>;

/**
 * A user's roles of the given types, all of them, as a global reader sees them: `GET /v3/roles` (CC §3).
 *
 * The rows of a page are one statement of Cloud Controller's, its count is another, and pages have no snapshot: what is not one page is read until two readings agree, and always until there are as many as are counted.
 *
 * @throws ArchiveError CF_… when they cannot be read whole
 */
export async function readUserRoles(
  http: HttpClient,
  api: URL,
  userGuid: string,
  types: readonly EventRole[],
): Promise<Role[]> {
  let before: ReadonlyMap<string, Role> | undefined;
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const { roles, pages, total } = await readOnce(http, api, userGuid, types);
    const agreed = pages === 1 || (before !== undefined && sameKeys(before, roles));
    if (agreed && roles.size === total) return [...roles.values()];
    before = roles;
  }
  throw new ArchiveError(
    'CF_UNAVAILABLE',
    `${api.origin}/v3/roles: roles changed while they were read, ${MAX_ATTEMPTS} times`,
  );
}

const sameKeys = (a: ReadonlyMap<string, Role>, b: ReadonlyMap<string, Role>): boolean =>
  a.size === b.size && [...a.keys()].every((key) => b.has(key));

/** Every page until one is not full, or has nothing new: a server that repeats itself must not be asked for ever. `total`: as the last page counts them. */
async function readOnce(
  http: HttpClient,
  api: URL,
  userGuid: string,
  types: readonly EventRole[],
): Promise<{ roles: ReadonlyMap<string, Role>; pages: number; total: number }> {
  const roles = new Map<string, Role>();
  for (let page = 1; ; page += 1) {
    const { pagination, resources } = await readPage(http, api, userGuid, types, page);
    const { size } = roles;
    for (const role of resources) roles.set(role.guid, roleOf(role, userGuid, types));
    if (resources.length < PAGE_SIZE || roles.size === size) {
      return { roles, pages: page, total: pagination.total_results };
    }
  }
}

async function readPage(
  http: HttpClient,
  api: URL,
  userGuid: string,
  types: readonly EventRole[],
  page: number,
): Promise<RolePage> {
  const url = new URL('/v3/roles', api);
  // Cloud Controller decodes each value once more after splitting at commas, and the id of a client may hold any character.
  url.searchParams.set('user_guids', encodeURIComponent(userGuid));
  url.searchParams.set('types', types.join(','));
  url.searchParams.set('order_by', 'created_at');
  url.searchParams.set('per_page', String(PAGE_SIZE));
  url.searchParams.set('page', String(page));
  const parsed = pageSchema.safeParse(await http.getJson(url));
  if (!parsed.success) throw unexpected('answered 200 without a list of roles', parsed.error);
  return parsed.data;
}

/** A filter that was not understood would show other people's roles: every role is looked at. */
function roleOf(
  { type: given, relationships }: RolePage['resources'][number],
  userGuid: string,
  types: readonly EventRole[],
): Role {
  const type = types.find((each) => each === given);
  const { user, space, organization } = relationships;
  const place = given.startsWith('space_') ? space.data : organization.data;
  if (type === undefined || user.data.guid !== userGuid || place === null) {
    throw unexpected('answered with a role that was not asked for');
  }
  return { type, guid: place.guid };
}

const unexpected = (what: string, cause?: unknown): ArchiveError =>
  new ArchiveError('CF_RESPONSE_INVALID', `/v3/roles ${what}`, { cause });
