import { nameOfTarget, WHERE, WHO_DID_WHAT } from '../columns.ts';
import type { Report } from '../report.ts';

export const userAccessChanges: Report = {
  name: 'user-access-changes',
  title: 'User access changes',
  description: 'who gave or took which role, of which user, where',
  filter: { types: ['audit.user.*'] },
  columns: [
    ...WHO_DID_WHAT,
    { title: 'User', value: nameOfTarget },
    { title: 'Role', value: ({ type }) => roleOf(type) },
    ...WHERE,
  ],
};

/** `audit.user.organization_billing_manager_add` → `organization billing manager` */
const roleOf = (type: string | null): string | undefined =>
  /^audit\.user\.(\w+)_(?:add|remove)$/.exec(type ?? '')?.[1]?.replaceAll('_', ' ');
