import {
  DESCRIPTION,
  TARGET_TYPE,
  targetGuid,
  targetName,
  WHERE,
  WHO_DID_WHAT,
} from '../columns.ts';
import type { Report } from '../report.ts';

export const adminChanges: Report = {
  name: 'admin-changes',
  title: 'Admin changes',
  description:
    'what happened to the foundation itself: buildpacks, stacks, quotas, organizations, brokers, offerings, plans and who may see them',
  filter: {
    types: [
      'audit.buildpack.*',
      'audit.stack.*',
      'audit.organization.*',
      'audit.organization_quota.*',
      'audit.space_quota.*',
      'audit.service_broker.*',
      'audit.broker.*',
      'audit.service.*',
      'audit.service_plan.*',
      'audit.service_plan_visibility.*',
      'audit.service_dashboard_client.*',
      // Cloud Controller records no change of a feature flag today.
      'audit.feature_flag.*',
    ],
  },
  columns: [
    ...WHO_DID_WHAT,
    targetName('Target'),
    TARGET_TYPE,
    targetGuid('Target GUID'),
    ...WHERE,
    DESCRIPTION,
  ],
};
