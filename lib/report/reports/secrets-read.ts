import { targetGuid, targetName, WHERE, WHO_DID_WHAT } from '../columns.ts';
import type { Report } from '../report.ts';

const WHAT_WAS_READ: Readonly<Record<string, string>> = {
  'audit.app.environment.show': 'whole environment of an app',
  'audit.app.environment_variables.show': 'environment variables of an app',
  'audit.app.revision.environment_variables.show': 'environment variables of a revision',
  'audit.service_binding.show': 'credentials of a service binding',
  'audit.service_instance.show': 'service instance (v2)',
  'audit.service_key.show': 'credentials of a service key',
  'audit.user_provided_service_instance.show': 'credentials of a user-provided service instance',
};

export const secretsRead: Report = {
  name: 'secrets-read',
  title: 'Secrets read',
  description: 'reads of app environments and of service credentials',
  filter: { types: Object.keys(WHAT_WAS_READ) },
  columns: [
    ...WHO_DID_WHAT,
    { title: 'What Was Read', value: ({ type }) => WHAT_WAS_READ[type ?? ''] },
    targetName('Target'),
    targetGuid('Target GUID'),
    ...WHERE,
  ],
};
