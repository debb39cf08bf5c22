import {
  DESCRIPTION,
  TARGET_TYPE,
  targetGuid,
  targetName,
  WHERE,
  WHO_DID_WHAT,
} from '../columns.ts';
import type { Report } from '../report.ts';

export const serviceChanges: Report = {
  name: 'service-changes',
  title: 'Service changes',
  description:
    'everything that changed services: offerings, plans, brokers, instances, bindings and keys',
  filter: {
    types: [
      'audit.service.*',
      'audit.service_binding.*',
      'audit.service_broker.*',
      'audit.service_dashboard_client.*',
      'audit.service_instance.*',
      'audit.service_key.*',
      'audit.service_plan.*',
      'audit.service_plan_visibility.*',
      'audit.service_route_binding.*',
      'audit.user_provided_service_instance.*',
      'audit.broker.*',
    ],
    notTypes: [
      'audit.service_binding.show',
      'audit.service_instance.show',
      'audit.service_key.show',
      'audit.user_provided_service_instance.show',
    ],
  },
  columns: [
    ...WHO_DID_WHAT,
    targetName('Service Name'),
    TARGET_TYPE,
    targetGuid('Service GUID'),
    ...WHERE,
    DESCRIPTION,
  ],
};
