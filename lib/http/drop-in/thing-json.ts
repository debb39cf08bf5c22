import { secondText } from '../../domain/instant.ts';
import type { Thing, ThingKind } from '../../query/find-things.ts';

const NO_METADATA = { labels: {}, annotations: {} };

const COLLECTION: Readonly<Record<ThingKind, string>> = {
  app: 'apps',
  space: 'spaces',
  organization: 'organizations',
};

/**
 * An app, a space or an organization in Cloud Controller's form, keys in its order, as far as events tell of it.
 *
 * `created_at` and `updated_at` are those of its oldest and its newest event. What clients insist on and no event tells is shown as if nothing ran there: state `STOPPED`, no buildpacks, not suspended.
 */
export function presentThing(kind: ThingKind, thing: Thing, api: string): Record<string, unknown> {
  const { guid, name, space, organization, first, last } = thing;
  const times = { created_at: secondText(first), updated_at: secondText(last) };
  const self = { href: `${api}/v3/${COLLECTION[kind]}/${encodeURIComponent(guid)}` };
  const to = (what: ThingKind, other: string | null) => ({
    data: other === null ? null : { guid: other },
    links: other === null ? {} : { [what]: { href: `${api}/v3/${COLLECTION[what]}/${other}` } },
  });
  switch (kind) {
    case 'app': {
      const { data, links } = to('space', space);
      return {
        guid,
        ...times,
        name,
        state: 'STOPPED',
        lifecycle: { type: 'buildpack', data: { buildpacks: [], stack: null } },
        relationships: { space: { data } },
        metadata: NO_METADATA,
        links: { self, ...links },
      };
    }
    case 'space': {
      const { data, links } = to('organization', organization);
      return {
        guid,
        ...times,
        name,
        relationships: { organization: { data }, quota: { data: null } },
        metadata: NO_METADATA,
        links: { self, ...links },
      };
    }
    case 'organization':
      return {
        guid,
        ...times,
        name,
        suspended: false,
        relationships: { quota: { data: null } },
        metadata: NO_METADATA,
        links: { self },
      };
    default:
      return kind satisfies never;
  }
}
