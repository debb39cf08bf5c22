import { NO_METADATA, type ResourcePresenter } from './resource.ts';
import { presentTime } from './time.ts';

export const SPACE: ResourcePresenter = {
  columns: ['guid', 'name', 'organization_guid', 'created_at'],
  present({ guid, name, organization_guid, created_at }, apiUrl) {
    const self = `${apiUrl}/v3/spaces/${guid}`;
    return {
      guid,
      created_at: presentTime(Number(created_at)),
      updated_at: presentTime(Number(created_at)),
      name,
      suspended: false,
      relationships: {
        organization: { data: { guid: organization_guid } },
        quota: { data: null },
      },
      metadata: NO_METADATA,
      links: {
        self: { href: self },
        organization: { href: `${apiUrl}/v3/organizations/${organization_guid}` },
        features: { href: `${self}/features` },
        apply_manifest: { href: `${self}/actions/apply_manifest`, method: 'POST' },
      },
    };
  },
};
