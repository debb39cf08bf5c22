import type { EventRecord } from '../../../lib/sample-foundation/records.ts';
import { anEventRecord, micros } from '../../support/sample-foundation/records.ts';
import type { Vocabulary } from './random-requests.ts';

/** The days that an archive with a retention of six days has closed by the rig's clock. */
const DAYS = ['2026-03-07', '2026-03-08', '2026-03-09', '2026-03-10', '2026-03-11'];

const TYPES = [
  'app.crash',
  'audit.app.update',
  'audit.app.create',
  'audit.user.space_developer_add',
  'odd type',
];
const TARGETS = ['app-1', 'app-2', 'app,3', 'App-1', '', 'ü', "o'app", '*'];
const SPACES = ['space-1', 'space-2', 'space-3'];
const ORGANIZATIONS = ['organization-1', 'organization-2'];
const DATA = [
  null,
  '{}',
  '{"b":1,"a":{"10":1,"9":[1.5,12345678901234567890]}}',
  '{"text":"é 🙂 \\u0000","tab":"\\t"}',
];

/** Whole seconds of a day at which events happen; several share one. */
const SECONDS = [
  '00:00:00',
  '00:00:01',
  '05:10:00',
  '05:10:01',
  '12:00:00',
  '23:59:58',
  '23:59:59',
];

/** A small, dense history: many ties, all edges of a day, unscoped events, targets that need quoting. In an order of arrival that is neither that of time nor, where times are equal, that of GUIDs. */
export function aHistory(): { readonly events: EventRecord[]; readonly words: Vocabulary } {
  let state = 12_345;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const pick = <T>(from: readonly T[]): T => from[random(from.length)] as T;
  const events = DAYS.flatMap((day) =>
    Array.from({ length: 60 }, () => {
      const scope = random(10);
      const organization = scope === 0 ? '' : pick(ORGANIZATIONS);
      return anEventRecord({
        guid: `${random(2 ** 32)
          .toString(16)
          .padStart(8, '0')}-0000-4000-8000-${random(2 ** 32)
          .toString(16)
          .padStart(12, '0')}`,
        created_at: micros(`${day}T${pick(SECONDS)}Z`),
        type: pick(TYPES),
        actor: pick(['user-1', 'system', 'a-client']),
        actor_name: pick(['ann@example.org', '', 'bob']),
        actee: pick(TARGETS),
        actee_name: pick(['web', '', 'naïve "app"']),
        space_guid: scope < 3 ? '' : pick(SPACES),
        organization_guid: organization,
        metadata: pick(DATA),
      });
    }),
  );
  return {
    events,
    words: {
      guids: events.filter((_, index) => index % 40 === 0).map(({ guid }) => guid),
      types: TYPES,
      targets: TARGETS,
      spaces: SPACES,
      organizations: ORGANIZATIONS,
      instants: DAYS.flatMap((day) => SECONDS.map((second) => `${day}T${second}Z`)),
    },
  };
}
