import { describe, expect, it } from '@jest/globals';
import { generateFoundation } from '../../../lib/sample-foundation/generator/generate-foundation.ts';

const month = {
  seed: 7,
  from: new Date('2026-10-22T00:00:00Z'),
  to: new Date('2026-11-21T00:00:00Z'),
  eventsPerDay: 2000,
};

describe('the lists of a generated foundation', () => {
  const { organizations, spaces, apps, users, roles, tasks, clients } = generateFoundation(month);

  it('have about 20 organizations, 60 spaces and 300 apps, and more where there is more going on', () => {
    expect(organizations).toHaveLength(20);
    expect(spaces.length).toBeGreaterThan(50);
    expect(spaces.length).toBeLessThan(90);
    expect(apps.length).toBeGreaterThan(240);
    expect(apps.length).toBeLessThan(400);
    expect(
      generateFoundation({ ...month, eventsPerDay: 200_000 }).organizations.length,
    ).toBeGreaterThan(60);
    expect(generateFoundation({ ...month, organizations: 6 }).organizations).toHaveLength(6);
  });

  it('name what demos rely on', () => {
    const shop = organizations.find(({ name }) => name === 'shop');
    const named = spaces
      .filter(({ organization_guid }) => organization_guid === shop?.guid)
      .map(({ name }) => name);

    expect(named).toEqual(expect.arrayContaining(['payments', 'storefront', 'staging']));
    expect(organizations.filter(({ deleted_at }) => deleted_at !== undefined)).toHaveLength(1);
    expect(clients.map(({ authorities }) => authorities[0])).toEqual([
      'cloud_controller.admin_read_only',
      'cloud_controller.global_auditor',
      'cloud_controller.read',
    ]);
  });

  it('refer only to what exists', () => {
    const organizationGuids = new Set(organizations.map(({ guid }) => guid));
    const spaceGuids = new Set(spaces.map(({ guid }) => guid));
    const userGuids = new Set(users.map(({ guid }) => guid));
    const appGuids = new Set(apps.map(({ guid }) => guid));

    expect(spaces.every(({ organization_guid }) => organizationGuids.has(organization_guid))).toBe(
      true,
    );
    expect(apps.every(({ space_guid }) => spaceGuids.has(space_guid))).toBe(true);
    expect(tasks.length).toBeGreaterThan(5);
    expect(tasks.every(({ app_guid }) => appGuids.has(app_guid))).toBe(true);
    for (const role of roles) {
      expect(userGuids.has(role.user_guid)).toBe(true);
      expect(role.type.startsWith('space_')).toBe(role.space_guid !== null);
      expect(
        spaceGuids.has(role.space_guid ?? '') ||
          organizationGuids.has(role.organization_guid ?? ''),
      ).toBe(true);
    }
  });

  it('give each of the eight roles to someone with a password', () => {
    const withPassword = new Set(
      users.filter(({ password }) => password !== undefined).map(({ guid }) => guid),
    );

    const types = new Set(
      roles.filter(({ user_guid }) => withPassword.has(user_guid)).map(({ type }) => type),
    );

    expect(types.size).toBe(8);
  });

  it('have a task for which there is an event', () => {
    const { events } = generateFoundation(month);

    const text = [...events]
      .filter(({ type }) => type === 'audit.app.task.create')
      .map(({ metadata }) => metadata)
      .join();

    for (const { guid } of tasks) expect(text).toContain(guid);
  });
});
