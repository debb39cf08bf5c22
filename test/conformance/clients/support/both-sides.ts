import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ARCHIVER_CLIENT } from '../../../../lib/sample-foundation/sample-foundation.ts';
import { anArchiveRig } from '../../../support/archive/archive-rig.ts';
import {
  anAppRecord,
  anEventRecord,
  anOrganizationRecord,
  aRoleRecord,
  aSpaceRecord,
  aUserRecord,
  micros,
  theRecords,
} from '../../../support/sample-foundation/records.ts';
import { startServe } from '../../../support/serve-process.ts';

/** A Cloud Foundry and the archive that holds the same events, each as a client reaches it. */
export interface BothSides {
  readonly foundation: string;
  readonly archive: string;
  /** Whole, in force, and signed by nobody. */
  readonly forgedToken: string;
  close(): Promise<void>;
}

/** May see one space of two. */
export const DEVELOPER = { username: 'dev', password: 'secret' };
export const CLIENT = ARCHIVER_CLIENT;

const FIRST = micros('2026-03-08T00:00:07Z');
const EVERY_25_MINUTES = 25 * 60 * 1_000_000;
const KINDS = [
  {
    type: 'audit.app.update',
    metadata: '{"request":{"instances":3,"memory":512,"state":"STARTED"}}',
  },
  {
    type: 'app.crash',
    metadata:
      '{"index":1,"reason":"CRASHED","exit_description":"<out> & \\"of\\" memory – größer"}',
  },
  { type: 'audit.app.start', metadata: null },
  {
    type: 'audit.space.create',
    actee: 'other-guid',
    actee_type: 'space',
    actee_name: 'other',
    space_guid: 'other-guid',
  },
  {
    type: 'audit.organization.update',
    actee: 'organization-guid',
    actee_type: 'organization',
    actee_name: 'shop',
    space_guid: '',
  },
  {
    type: 'audit.service_broker.create',
    actee: 'broker-guid',
    actee_type: 'service_broker',
    actee_name: '',
    space_guid: '',
    organization_guid: '',
  },
];

/** Three pages and more of every kind of place and data, no two at one instant. */
export const EVENTS = Array.from({ length: 180 }, (_, turn) =>
  anEventRecord({
    created_at: FIRST + turn * EVERY_25_MINUTES,
    actee: turn % 4 === 0 ? 'checkout-guid' : 'basket-guid',
    actee_name: turn % 4 === 0 ? 'checkout' : 'Körbchen',
    space_guid: 'space-guid',
    organization_guid: 'organization-guid',
    ...KINDS[turn % KINDS.length],
  }),
);

export async function bothSides(): Promise<BothSides> {
  const rig = await anArchiveRig({
    records: theRecords({
      events: EVENTS,
      organizations: [anOrganizationRecord('organization-guid', { name: 'shop' })],
      spaces: [
        aSpaceRecord('space-guid', 'organization-guid', { name: 'payments' }),
        aSpaceRecord('other-guid', 'organization-guid', { name: 'other' }),
      ],
      apps: [
        anAppRecord('checkout-guid', 'space-guid', { name: 'checkout' }),
        anAppRecord('basket-guid', 'space-guid', { name: 'Körbchen' }),
      ],
      users: [aUserRecord('user-dev', DEVELOPER)],
      roles: [aRoleRecord('space_developer', 'user-dev', 'space-guid')],
    }),
  });
  await rig.run();
  await writeFile(join(rig.directory, 'secret'), CLIENT.secret);
  const config = join(rig.directory, 'c.yml');
  await writeFile(
    config,
    `archive: file:./archive
foundations:
  - { name: eu-1, api: "${rig.sample.apiUrl}", client_id: ${CLIENT.id}, client_secret: { file: ./secret }, retention_days: 6 }
http: { identity: uaa }
`,
  );
  const serve = await startServe([
    ...['--config', config, '--port', '0'],
    ...['--now', rig.sample.clock.now().toISOString()],
  ]);
  const close = async (): Promise<void> => {
    await serve.stop();
    await rig.close();
  };
  if (serve.url === undefined) {
    await close();
    throw new Error(`serve does not listen: ${serve.output()}`);
  }
  const [head, claims, signature = ''] = (await rig.sample.uaa.token()).split('.');
  return {
    foundation: rig.sample.apiUrl,
    archive: serve.url,
    forgedToken: [head, claims, [...signature].reverse().join('')].join('.'),
    close,
  };
}
