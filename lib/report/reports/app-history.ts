import { appEventDescription } from '../../domain/app-event-description.ts';
import { nameOfTarget, SPACE } from '../columns.ts';
import { cfEventsTime } from '../local-time.ts';
import type { Report } from '../report.ts';

export const appHistory: Report = {
  name: 'app-history',
  title: 'App history',
  description: 'the table of cf events, newest first, for one app (--target) or many',
  filter: { targetTypes: ['app'] },
  order: 'newest',
  columns: [
    {
      title: 'time',
      value: ({ created_at }, { timeZone }) => created_at && cfEventsTime(created_at, timeZone),
    },
    { title: 'event', value: ({ type }) => type },
    { title: 'actor', value: ({ actor_name }) => actor_name },
    { title: 'description', value: ({ data }) => appEventDescription(data) },
    { title: 'app', value: nameOfTarget },
    { title: 'space', value: SPACE.value },
  ],
};
