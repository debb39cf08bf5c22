import { targetGuid, targetName, WHERE, WHO_DID_WHAT } from '../columns.ts';
import type { Report } from '../report.ts';

export const serviceInstances: Report = {
  name: 'service-instances',
  title: 'Service instances created and deleted',
  description: 'service instances created, deleted or purged, managed and user-provided',
  filter: {
    types: [
      'audit.service_instance.create',
      'audit.service_instance.delete',
      'audit.service_instance.purge',
      'audit.user_provided_service_instance.create',
      'audit.user_provided_service_instance.delete',
    ],
  },
  columns: [
    ...WHO_DID_WHAT,
    targetName('Service Name'),
    targetGuid('Service GUID'),
    {
      title: 'Kind',
      value: ({ target_type }) =>
        target_type === 'user_provided_service_instance' ? 'user-provided' : 'managed',
    },
    ...WHERE,
  ],
};
