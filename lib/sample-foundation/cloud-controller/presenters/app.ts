import { NO_METADATA, type ResourcePresenter } from './resource.ts';
import { presentTime } from './time.ts';

export const APP: ResourcePresenter = {
  columns: ['guid', 'name', 'space_guid', 'state', 'created_at'],
  present({ guid, name, space_guid, state, created_at }, apiUrl) {
    const self = `${apiUrl}/v3/apps/${guid}`;
    return {
      guid,
      created_at: presentTime(Number(created_at)),
      updated_at: presentTime(Number(created_at)),
      name,
      state,
      lifecycle: { type: 'buildpack', data: { buildpacks: [], stack: 'cflinuxfs4' } },
      relationships: {
        space: { data: { guid: space_guid } },
        current_droplet: { data: { guid: null } },
      },
      metadata: NO_METADATA,
      links: {
        self: { href: self },
        environment_variables: { href: `${self}/environment_variables` },
        space: { href: `${apiUrl}/v3/spaces/${space_guid}` },
        processes: { href: `${self}/processes` },
        packages: { href: `${self}/packages` },
        current_droplet: { href: `${self}/droplets/current` },
        droplets: { href: `${self}/droplets` },
        tasks: { href: `${self}/tasks` },
        start: { href: `${self}/actions/start`, method: 'POST' },
        stop: { href: `${self}/actions/stop`, method: 'POST' },
        clear_buildpack_cache: { href: `${self}/actions/clear_buildpack_cache`, method: 'POST' },
        revisions: { href: `${self}/revisions` },
        deployed_revisions: { href: `${self}/revisions/deployed` },
        features: { href: `${self}/features` },
      },
    };
  },
};
