import { guid } from './guids.ts';
import { FIRST_NAMES, LAST_NAMES } from './names.ts';
import type { Random } from './random.ts';
import type { Actor, Person } from './world.ts';

/** Berlin, New York, Kolkata, Tokyo: minutes ahead of UTC. The weights make European mornings the busiest hours. */
export const OFFICE_OFFSETS = [60, 60, 60, 60, -300, -300, 330, 330, 540];

/** Someone with a made-up name; one in four comes from LDAP, where user name and e-mail differ. */
export function aPerson(random: Random, number: number): Person {
  const first = random.pick(FIRST_NAMES);
  const last = random.pick(LAST_NAMES);
  const email = `${first}.${last}${number}@example.org`.toLowerCase();
  const ldap = random.chance(0.25);
  return {
    guid: guid(random),
    type: 'user',
    name: email,
    username: ldap ? `${first.slice(0, 1)}${last}${number}`.toLowerCase() : email,
    origin: ldap ? 'ldap' : 'uaa',
    offsetMinutes: random.pick(OFFICE_OFFSETS),
  };
}

export function namedPerson(random: Random, email: string, offsetMinutes: number): Person {
  return {
    guid: guid(random),
    type: 'user',
    name: email,
    username: email,
    origin: 'uaa',
    offsetMinutes,
  };
}

/** A UAA client acting by itself: its id stands where a GUID would, type `user`, and no name. */
export const actingClient = (id: string): Actor => ({
  guid: id,
  type: 'user',
  name: '',
  username: '',
});

export const ACTING_CLIENTS = [
  'concourse-pipelines',
  'github-deployer',
  'app-autoscaler',
  'cve-scanner',
  'task-scheduler',
  'gitops-controller',
];
