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
  if (own !== undefined) return { site: own, api: originAt(origin, asked.hostname) };
  const [only, ...others] = ports.sites;
  if (only === undefined || others.length > 0) throw apiError('NotFound');
  return { site: only, api: origin };
}

/** How clients reach us, under another of our names. */
/** An origin with another host name. */
export function originAt(origin: string, hostname: string): string {
  const url = new URL(origin);
  url.hostname = hostname;
  return url.origin;
}

/** What a question of our own API is about. */
export interface AskedSites {
  /** Those that must know the caller; where there is a problem, the one that does, if any. */
  readonly sites: readonly [Site, ...Site[]];
  /** Why they are not what was asked for: for a known caller to be told. */
  readonly problem?: ArchiveError;
}

/** The foundations that a question of our own API is about: the named one, else that of the host, else all. */
export async function sitesOf({ sites }: HttpPorts, c: Context): Promise<AskedSites> {
  const { hostname, searchParams } = new URL(c.req.url);
  const names = searchParams.getAll('foundation');
  const own = sites.filter(({ host }) => host !== undefined && host === hostname);
  const unnamed = own.length > 0 ? own : sites;
  const asked = names.length > 0 ? sites.filter(({ name }) => names.includes(name)) : unnamed;
  const [only, ...others] = asked;
  if (only !== undefined && others.length === 0) return { sites: [only] };
  const wanted = only === undefined ? sites : asked;
  const known = await knownAt(wanted, c.req.header('authorization'));
  const [first = wanted[0]] = known;
  if (first === undefined) throw apiError('NotFound');
  if (only === undefined) return { sites: [first], problem: noSuch(names, sites) };
  if (known.length === wanted.length) return { sites: [only, ...others] };
  return {
    sites: [first],
    problem: new ArchiveError(
      'QUERY_INVALID',
      'foundation is missing: there are several, and your token is not known to all; name one',
    ),
  };
}

/** Those that know a caller. A token of one foundation says nothing at another, whatever scopes it has. */
async function knownAt(
  sites: readonly Site[],
  authorization: string | undefined,
): Promise<readonly Site[]> {
  const answers = await Promise.allSettled(sites.map((site) => site.identify(authorization)));
  return sites.filter((_, index) => answers[index]?.status === 'fulfilled');
}

const noSuch = (names: readonly string[], sites: readonly Site[]): ArchiveError =>
  new ArchiveError(
    'QUERY_INVALID',
    `foundation ${names.join()}: there is no such foundation; there are ${sites.map(({ name }) => name).join(', ')}`,
  );
