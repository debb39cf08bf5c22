import { cgiEscape } from '../../../cloud-controller-api/to-query.ts';
import { NO_METADATA, type ResourcePresenter } from './resource.ts';
import { presentTime } from './time.ts';

/** Names come from UAA: clients and users it does not know have none (CC §8). */
export const USER: ResourcePresenter = {
  columns: ['guid', 'username', 'origin', 'created_at'],
  present({ guid, username, origin, created_at }, apiUrl) {
    return {
      guid,
      created_at: presentTime(Number(created_at)),
      updated_at: presentTime(Number(created_at)),
      username,
      presentation_name: username ?? guid,
      origin: username === null ? null : origin,
      metadata: NO_METADATA,
      links: { self: { href: `${apiUrl}/v3/users/${cgiEscape(String(guid))}` } },
    };
  },
};
