import type { Context, Hono } from 'hono';
import { includedNames } from '../../cloud-controller-api/include-problems.ts';
import type { ListMessage, ListShape } from '../../cloud-controller-api/list-message.ts';
import {
  APPS_LIST,
  ORGANIZATIONS_LIST,
  SPACES_LIST,
} from '../../cloud-controller-api/resource-list-messages.ts';
import { findThings, type Thing, type ThingKind } from '../../query/find-things.ts';
import { absentReply } from '../absent.ts';
import { ask, type Question } from '../ask.ts';
import { cacheHeaders } from '../etag.ts';
import { jsonReply, type Reply } from '../reply.ts';
import type { HttpServer } from '../server.ts';
import { type Mount, mountOf } from '../sites.ts';
import { ownPagination } from './own-links.ts';
import { guidOf, listMessageOf, parametersOf } from './raw-request.ts';
import { presentThing } from './thing-json.ts';
import { filtersNothing, inOrder, listed, withinTimes } from './thing-list.ts';

interface ThingRoute {
  readonly kind: ThingKind;
  readonly path: string;
  /** As in `App not found`. */
  readonly name: string;
  readonly shape: ListShape;
}

const ROUTES: readonly ThingRoute[] = [
  { kind: 'app', path: '/v3/apps', name: 'App', shape: APPS_LIST },
  { kind: 'space', path: '/v3/spaces', name: 'Space', shape: SPACES_LIST },
  {
    kind: 'organization',
    path: '/v3/organizations',
    name: 'Organization',
    shape: ORGANIZATIONS_LIST,
  },
];

/** `GET /v3/apps`, `/v3/spaces`, `/v3/organizations` and one of them by its GUID (CC §8): from what events tell, so that what was deleted can be named, too. */
export function addThings(app: Hono, server: HttpServer): void {
  for (const route of ROUTES) {
    app.get(route.path, (c: Context) => {
      const mount = mountOf(server, c);
      const parameters = parametersOf(c);
      return ask(server, c, [mount.site], 'page', (question) =>
        list(question, route, mount, listMessageOf(parameters, route.shape)),
      );
    });
    app.get(`${route.path}/:guid`, (c: Context) => {
      const mount = mountOf(server, c);
      const guid = guidOf(c);
      return ask(server, c, [mount.site], 'page', (question) => show(question, route, mount, guid));
    });
  }
}

async function list(
  { context, server }: Question,
  { kind, path }: ThingRoute,
  { site, api }: Mount,
  message: ListMessage,
): Promise<Reply> {
  const { filters, page, perPage } = message;
  const found = await findThings(context, server.groups, site.name, kind, {
    names: listed(filters.get('names')),
    guids: filtersNothing(message) ? [] : listed(filters.get('guids')),
    spaces: listed(filters.get('space_guids')),
    organizations: listed(filters.get('organization_guids')),
  });
  const things = inOrder(withinTimes(found.things, message), message);
  const shown = things.slice((page - 1) * perPage, page * perPage);
  const included = await includedOf(includedNames(filters), shown, async (of, guids) => {
    const inner = await findThings(context, server.groups, site.name, of, { guids });
    return inner.things.map((thing) => presentThing(of, thing, api));
  });
  return jsonReply(
    JSON.stringify({
      pagination: ownPagination(`${api}${path}`, message, things.length),
      resources: shown.map((thing) => presentThing(kind, thing, api)),
      ...(included === undefined ? {} : { included }),
    }),
    { rows: shown.length, coverage: found.coverage },
    cacheHeaders(undefined),
  );
}

/** What `include` asks for: the spaces and organizations of the shown things. */
async function includedOf(
  names: readonly string[],
  things: readonly Thing[],
  find: (kind: ThingKind, guids: readonly string[]) => Promise<unknown[]>,
): Promise<Record<string, unknown[]> | undefined> {
  if (names.length === 0) return undefined;
  const guids = (of: (thing: Thing) => string | null): string[] => [
    ...new Set(things.map(of).filter((guid) => guid !== null)),
  ];
  const spaces = names.some((name) => name.startsWith('space'));
  const organizations = names.some((name) => name !== 'space');
  return {
    ...(spaces
      ? {
          spaces: await find(
            'space',
            guids(({ space }) => space),
          ),
        }
      : {}),
    ...(organizations
      ? {
          organizations: await find(
            'organization',
            guids(({ organization }) => organization),
          ),
        }
      : {}),
  };
}

async function show(
  { context, server }: Question,
  { kind, name }: ThingRoute,
  { site, api }: Mount,
  guid: string,
): Promise<Reply> {
  const found = await findThings(context, server.groups, site.name, kind, { guids: [guid] });
  const { things, coverage } = found;
  const [thing] = things;
  const facts = { rows: things.length, coverage };
  return thing === undefined
    ? absentReply(`${name} not found`, facts)
    : jsonReply(JSON.stringify(presentThing(kind, thing, api)), facts, cacheHeaders(undefined));
}
