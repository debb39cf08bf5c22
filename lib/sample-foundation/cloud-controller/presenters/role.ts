import { cgiEscape } from '../../../cloud-controller-api/to-query.ts';
import type { ResourcePresenter } from './resource.ts';
import { presentTime } from './time.ts';

/** A role is in a space or in an organization; the other relationship has null data (CC §3). */
export const ROLE: ResourcePresenter = {
  columns: ['guid', 'type', 'user_guid', 'space_guid', 'organization_guid', 'created_at'],
  present({ guid, type, user_guid, space_guid, organization_guid, created_at }, apiUrl) {
    const space = { data: space_guid === null ? null : { guid: space_guid } };
    const organization = { data: space_guid === null ? { guid: organization_guid } : null };
    return {
      guid,
      created_at: presentTime(Number(created_at)),
      updated_at: presentTime(Number(created_at)),
      type,
      relationships: {
        user: { data: { guid: user_guid } },
        ...(space_guid === null ? { organization, space } : { space, organization }),
      },
      links: {
        self: { href: `${apiUrl}/v3/roles/${guid}` },
        user: { href: `${apiUrl}/v3/users/${cgiEscape(String(user_guid))}` },
        ...(space_guid === null
          ? { organization: { href: `${apiUrl}/v3/organizations/${organization_guid}` } }
          : { space: { href: `${apiUrl}/v3/spaces/${space_guid}` } }),
      },
    };
  },
};
