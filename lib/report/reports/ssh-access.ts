import { dataText } from '../../domain/event-sentence-data.ts';
import { targetGuid, targetName, WHERE, WHO_DID_WHAT } from '../columns.ts';
import type { Report } from '../report.ts';

export const sshAccess: Report = {
  name: 'ssh-access',
  title: 'SSH access',
  description: 'SSH access to app instances, granted and refused',
  filter: { types: ['audit.app.ssh-authorized', 'audit.app.ssh-unauthorized'] },
  columns: [
    ...WHO_DID_WHAT,
    {
      title: 'Result',
      value: ({ type }) => (type === 'audit.app.ssh-authorized' ? 'granted' : 'refused'),
    },
    targetName('App'),
    targetGuid('App GUID'),
    { title: 'Instance', value: (row) => dataText(row, 'index') },
    ...WHERE,
  ],
};
