import { NO_METADATA, type ResourcePresenter } from './resource.ts';
import { presentTime } from './time.ts';

/** The quota every organization of the sample has. */
const DEFAULT_QUOTA = 'b7887f5c-34bb-40c5-9778-577572e4fb2d';

export const ORGANIZATION: ResourcePresenter = {
  columns: ['guid', 'name', 'created_at'],
  present({ guid, name, created_at }, apiUrl) {
    const self = `${apiUrl}/v3/organizations/${guid}`;
    return {
      guid,
      created_at: presentTime(Number(created_at)),
      updated_at: presentTime(Number(created_at)),
      name,
      suspended: false,
      relationships: { quota: { data: { guid: DEFAULT_QUOTA } } },
      metadata: NO_METADATA,
      links: {
        self: { href: self },
        domains: { href: `${self}/domains` },
        default_domain: { href: `${self}/domains/default` },
        quota: { href: `${apiUrl}/v3/organization_quotas/${DEFAULT_QUOTA}` },
      },
    };
  },
};
