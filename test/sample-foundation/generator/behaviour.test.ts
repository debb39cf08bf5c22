import { beforeAll, describe, expect, it } from '@jest/globals';
import { generateFoundation } from '../../../lib/sample-foundation/generator/generate-foundation.ts';
import type { EventRecord, FoundationRecords } from '../../../lib/sample-foundation/records.ts';

const HOUR = 3_600_000_000;

let foundation: FoundationRecords;
let events: readonly EventRecord[];

beforeAll(() => {
  foundation = generateFoundation({
    seed: 'behaviour',
    from: new Date('2026-10-22T00:00:00Z'),
    to: new Date('2026-11-21T00:00:00Z'),
    eventsPerDay: 2000,
  });
  events = [...foundation.events];
});

const ofType = (type: string) => events.filter((event) => event.type === type);

describe('events of a foundation', () => {
  it('have GUIDs of their own', () => {
    expect(new Set(events.map(({ guid }) => guid)).size).toBe(events.length);
  });

  it('happen to things that live at the time', () => {
    const apps = new Map(foundation.apps.map((app) => [app.guid, app]));
    const minutes = 180e6;

    const outside = events.filter(({ actee, created_at }) => {
      const app = apps.get(actee ?? '');
      if (app === undefined) return false;
      return created_at < app.created_at || created_at > (app.deleted_at ?? Infinity) + minutes;
    });

    expect(outside).toEqual([]);
  });

  it('are written by people in their office hours, and by machines around the clock', () => {
    const people = new Set(
      foundation.users.filter(({ username }) => username !== null).map(({ guid }) => guid),
    );
    const hourOf = ({ created_at }: EventRecord) => Math.floor(created_at / HOUR) % 24;
    const personal = events.filter(({ actor }) => people.has(actor ?? ''));
    const crashes = ofType('app.crash');

    const atNoon = (list: readonly EventRecord[]) =>
      list.filter((event) => hourOf(event) >= 7 && hourOf(event) < 17).length / list.length;

    expect(personal.length).toBeGreaterThan(events.length / 20);
    expect(atNoon(personal)).toBeGreaterThan(0.7);
    expect(atNoon(crashes)).toBeLessThan(0.6);
  });

  it('come in pairs for a crash, with a timestamp that no double holds', () => {
    const instance = ({ metadata }: EventRecord) => /"instance":"[^"]+"/.exec(metadata ?? '')?.[0];
    const crashes = ofType('audit.app.process.crash');
    const twins = new Map(ofType('app.crash').map((event) => [instance(event), event]));

    const lonely = crashes.filter((crash) => {
      const twin = twins.get(instance(crash));
      return twin?.actee !== crash.actee || twin.actor_type !== 'app';
    });

    expect(crashes.length).toBeGreaterThan(100);
    expect(lonely.length).toBeLessThanOrEqual(1);
    expect(
      crashes.filter(({ metadata }) => !/"crash_timestamp":\d{19}[,}]/.test(metadata ?? '')),
    ).toEqual([]);
  });

  it('tell a push with consistent GUIDs', () => {
    const created = ofType('audit.app.build.create').map(({ metadata }) =>
      JSON.parse(metadata ?? ''),
    );
    const uploads = new Set(
      ofType('audit.app.package.upload').map(
        ({ metadata }) => JSON.parse(metadata ?? '').package_guid,
      ),
    );
    const builds = new Set(created.map(({ build_guid }) => build_guid));

    const known = created.filter(({ package_guid }) => uploads.has(package_guid)).length;
    const staged = ofType('audit.app.build.staged').map(({ metadata }) =>
      JSON.parse(metadata ?? ''),
    );

    expect(known / created.length).toBeGreaterThan(0.97);
    expect(
      staged.filter(({ build_guid }) => builds.has(build_guid)).length / staged.length,
    ).toBeGreaterThan(0.97);
  });

  it('share their instant when a space is deleted, and become visible minutes later', () => {
    const [deletion] = ofType('audit.space.delete-request').filter(
      ({ created_at, committed_at }) => (committed_at ?? 0) > created_at,
    );
    const together = events.filter(
      ({ created_at, space_guid }) =>
        created_at === deletion?.created_at && space_guid === deletion.space_guid,
    );

    expect(together.length).toBeGreaterThan(10);
    for (const { committed_at } of together) expect(committed_at).toBe(deletion?.committed_at);
  });

  it('include some that were committed hours late', () => {
    const delays = events.map(
      ({ created_at, committed_at }) => (committed_at ?? created_at) - created_at,
    );

    expect(Math.max(...delays)).toBeGreaterThan(HOUR);
    expect(Math.max(...delays)).toBeLessThan(4 * HOUR);
    expect(Math.min(...delays)).toBe(0);
  });

  it('are in the order of their INSERTs: of created_at, but for lasting transactions', () => {
    const plain = events.filter(({ created_at, committed_at }) => committed_at === created_at);

    expect(plain.length / events.length).toBeGreaterThan(0.98);
    expect(
      plain.every((event, index) => event.created_at >= (plain[index - 1]?.created_at ?? 0)),
    ).toBe(true);
    expect(plain.length).toBeLessThan(events.length);
  });

  it('have JSON texts without blanks, or nothing, as data', () => {
    const broken = events.filter(({ metadata }) => {
      // Only whole numbers beyond a double differ when parsed and written again.
      const text = metadata?.replaceAll(/(:)(\d{17,})(?=[,}])/g, '$10') ?? '{}';
      return JSON.stringify(JSON.parse(text)) !== text;
    });

    expect(broken).toEqual([]);
  });

  it('weigh 700 to 900 bytes as Cloud Controller sends them', () => {
    const sent = ({ guid, type, metadata, ...event }: EventRecord) =>
      `{"guid":"${guid}","created_at":"2026-11-21T00:36:03Z","updated_at":"2026-11-21T00:36:03Z","type":"${type}","actor":{"guid":"${event.actor}","type":"${event.actor_type}","name":"${event.actor_name}"},"target":{"guid":"${event.actee}","type":"${event.actee_type}","name":"${event.actee_name}"},"data":${metadata ?? '{}'},"space":{"guid":"${event.space_guid}"},"organization":{"guid":"${event.organization_guid}"},"links":{"self":{"href":"https://api.example.org/v3/audit_events/${guid}"}}}`;

    const bytes = events.reduce((sum, event) => sum + Buffer.byteLength(sent(event)), 0);

    expect(bytes / events.length).toBeGreaterThan(700);
    expect(bytes / events.length).toBeLessThan(900);
  });

  it('contain a big manifest and names of any script', () => {
    expect(Math.max(...events.map(({ metadata }) => metadata?.length ?? 0))).toBeGreaterThan(
      250_000,
    );
    expect(events.some(({ metadata }) => metadata?.includes('🧾'))).toBe(true);
    expect(foundation.organizations.map(({ name }) => name)).toContain('데이터 플랫폼 🚀');
  });
});
