import {
  DESCRIPTION,
  TARGET_TYPE,
  targetGuid,
  targetName,
  WHERE,
  WHO_DID_WHAT,
} from '../columns.ts';
import type { Report } from '../report.ts';

export const allEvents: Report = {
  name: 'all-events',
  title: 'All events',
  description: 'every event, each with a plain sentence',
  filter: {},
  columns: [
    ...WHO_DID_WHAT,
    targetName('Target'),
    TARGET_TYPE,
    ...WHERE,
    DESCRIPTION,
    { title: 'User GUID', value: ({ actor_guid }) => actor_guid },
    targetGuid('Target GUID'),
    { title: 'Event GUID', value: ({ guid }) => guid },
  ],
};
