import type { EventRow } from '../../domain/columns.ts';
import { requestedGuid, WHERE, WHO_DID_WHAT } from '../columns.ts';
import type { Report } from '../report.ts';

/** v2 binds a route by an action on the service instance. */
const serviceGuid = (row: EventRow): string | null | undefined =>
  row.target_type === 'service_instance' ? row.target_guid : requestedGuid(row, 'service_instance');

export const serviceBindings: Report = {
  name: 'service-bindings',
  title: 'Service bindings',
  description: 'services bound to apps and routes, and unbound',
  filter: {
    types: [
      'audit.service_binding.create',
      'audit.service_binding.delete',
      'audit.service_route_binding.create',
      'audit.service_route_binding.delete',
      'audit.service_instance.bind_route',
      'audit.service_instance.unbind_route',
    ],
  },
  columns: [
    ...WHO_DID_WHAT,
    { title: 'App GUID', value: (row) => requestedGuid(row, 'app') },
    { title: 'Service GUID', value: serviceGuid },
    { title: 'Route GUID', value: (row) => requestedGuid(row, 'route') },
    ...WHERE,
  ],
};
