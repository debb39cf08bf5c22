import type { Context } from 'hono';
import { apiError } from '../cloud-controller-api/api-error.ts';
import { ArchiveError } from '../domain/errors.ts';
import type { HttpPorts, Site } from './ports.ts';
import type { HttpServer } from './server.ts';

/** A foundation's drop-in, and where clients find it. */
export interface Mount {
  readonly site: Site;
  /** What every href of it starts with: `https://audit.example.org/foundations/eu-1`. */
  readonly api: string;
}

/** Where any foundation's drop-in is found by its name. */
export const FOUNDATION_PREFIX = '/foundations';

/** The foundation whose drop-in a request is for: that of the path, else of the host, else the only one. @throws ApiError NotFound */
export function mountOf({ ports, options }: HttpServer, c: Context): Mount {
  const asked = new URL(c.req.url);
  const origin = options.url ?? asked.origin;
  const name = c.req.param('foundation');
  if (name !== undefined) {
    const site = ports.sites.find((each) => each.name === name);
    if (site === undefined) throw apiError('NotFound');
    return { site, api: `${origin}${FOUNDATION_PREFIX}/${site.name}` };
  }
  const own = ports.sites.find(({ host }) => host !== undefined && host === asked.hostname);
  if (own !== undefined) return { site: own, api: asked.origin };
  const [only, ...others] = ports.sites;
  if (only === undefined || others.length > 0) throw apiError('NotFound');
  return { site: only, api: origin };
}

/**
 * The foundations that a question of our own API is about: the named one, else that of the host, else all.
 *
 * @throws ArchiveError QUERY_INVALID when there is no such foundation
 */
export function sitesOf(
  { sites }: HttpPorts,
  c: Context,
  name: string | undefined,
): readonly [Site, ...Site[]] {
  const { hostname } = new URL(c.req.url);
  const own = sites.filter(({ host }) => host !== undefined && host === hostname);
  const asked =
    name === undefined
      ? own.length > 0
        ? own
        : sites
      : sites.filter((site) => site.name === name);
  const [first, ...others] = asked;
  if (first !== undefined) return [first, ...others];
  const known = sites.map((site) => site.name);
  throw new ArchiveError(
    'QUERY_INVALID',
    `foundation ${name}: there is no such foundation; there are ${known.join(', ')}`,
  );
}
