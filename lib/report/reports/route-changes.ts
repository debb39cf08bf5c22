import type { EventRow } from '../../domain/columns.ts';
import { dataText, firstText } from '../../domain/event-sentence-data.ts';
import { nameOfTarget, requestedGuid, WHERE, WHO_DID_WHAT } from '../columns.ts';
import type { Report } from '../report.ts';

/** A map or unmap acts on the app and has the route in its `data`; the others act on the route, or on a policy of it. */
const isOfApp = ({ target_type }: EventRow): boolean => target_type === 'app';
const isOfPolicy = ({ target_type }: EventRow): boolean => target_type === 'route_policy';

const routeGuid = (row: EventRow): string | undefined => {
  if (isOfApp(row)) return dataText(row, 'route_guid');
  return isOfPolicy(row) ? requestedGuid(row, 'route') : firstText(row.target_guid);
};

export const routeChanges: Report = {
  name: 'route-changes',
  title: 'Route changes',
  description:
    'routes created, changed, deleted, shared or moved; routes mapped to apps and unmapped; route policies',
  filter: {
    types: [
      'audit.route.*',
      'audit.route_policy.*',
      'audit.app.map-route',
      'audit.app.unmap-route',
    ],
  },
  columns: [
    ...WHO_DID_WHAT,
    {
      title: 'Route',
      value: (row) => (isOfApp(row) || isOfPolicy(row) ? routeGuid(row) : nameOfTarget(row)),
    },
    {
      title: 'App GUID',
      value: (row) => (isOfApp(row) ? row.target_guid : dataText(row, 'request.app')),
    },
    { title: 'App', value: (row) => (isOfApp(row) ? row.target_name : undefined) },
    { title: 'Route GUID', value: routeGuid },
    ...WHERE,
  ],
};
