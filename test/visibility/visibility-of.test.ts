import { beforeEach, describe, expect, it } from '@jest/globals';
import { ArchiveError } from '../../lib/domain/errors.ts';
import type { Caller } from '../../lib/identity/caller.ts';
import type { Role } from '../../lib/visibility/ports.ts';
import { createVisibility } from '../../lib/visibility/visibility-of.ts';

const aCaller = (given: Partial<Caller> = {}): Caller => ({
  userGuid: 'u-1',
  userName: 'ann',
  clientId: 'cf',
  scopes: ['cloud_controller.read'],
  token: 't',
  ...given,
});

const ROLES: Role[] = [
  { type: 'space_supporter', guid: 's-2' },
  { type: 'space_developer', guid: 's-1' },
  { type: 'space_auditor', guid: 's-1' },
  { type: 'organization_auditor', guid: 'o-1' },
];

let asked: string[];
let roles: () => Promise<readonly Role[]>;
let elapsed: number;
let visibilityOf: ReturnType<typeof createVisibility>;
beforeEach(() => {
  asked = [];
  elapsed = 0;
  roles = async () => ROLES;
  visibilityOf = createVisibility({
    roles: async (user, types) => {
      asked.push(`${user}: ${types.join()}`);
      return roles();
    },
    elapsedMs: () => elapsed,
  });
});

const failing = async (): Promise<never> => {
  throw new ArchiveError('CF_UNAVAILABLE', 'https://api.internal/v3/roles answered 503');
};

describe('createVisibility', () => {
  it('scopes a user to spaces and organizations, each once', async () => {
    await expect(visibilityOf(aCaller())).resolves.toEqual({
      kind: 'scoped',
      spaces: ['s-1', 's-2'],
      organizations: ['o-1'],
    });
    expect(asked).toEqual([
      'u-1: space_auditor,space_developer,space_supporter,organization_auditor',
    ]);
  });

  it.each(['admin', 'admin_read_only', 'global_auditor'])(
    'lets cloud_controller.%s see all, without asking',
    async (scope) => {
      const caller = aCaller({ scopes: ['cloud_controller.read', `cloud_controller.${scope}`] });

      await expect(visibilityOf(caller)).resolves.toEqual({ kind: 'all' });
      expect(asked).toEqual([]);
    },
  );

  it('takes no other scope for a global one', async () => {
    const caller = aCaller({
      scopes: ['cloud_controller.read', 'cloud_controller.admin_x', 'admin'],
    });

    await expect(visibilityOf(caller)).resolves.toMatchObject({ kind: 'scoped' });
  });

  it('asks once for questions of the same user at once and within a minute, and apart for others', async () => {
    await Promise.all([visibilityOf(aCaller()), visibilityOf(aCaller({ clientId: 'other' }))]);
    elapsed = 59_999;
    await visibilityOf(aCaller());
    await visibilityOf(aCaller({ userGuid: 'u-2' }));
    expect(asked).toHaveLength(2);
    elapsed = 60_000;
    roles = async () => [];

    await expect(visibilityOf(aCaller())).resolves.toEqual({
      kind: 'scoped',
      spaces: [],
      organizations: [],
    });
  });

  it('counts the age of an answer from when it was asked for', async () => {
    let give: (value: readonly Role[]) => void = () => undefined;
    roles = () => new Promise((resolve) => (give = resolve));
    const slow = visibilityOf(aCaller());
    elapsed = 60_000;
    roles = async () => [];

    await expect(visibilityOf(aCaller())).resolves.toMatchObject({ spaces: [] });
    give(ROLES);

    await expect(slow).resolves.toMatchObject({ spaces: ['s-1', 's-2'] });
    expect(asked).toHaveLength(2);
  });

  it('fails for all who wait when roles cannot be read, says nothing of our side, and asks again', async () => {
    roles = failing;

    const answers = await Promise.allSettled([visibilityOf(aCaller()), visibilityOf(aCaller())]);

    for (const answer of answers) {
      expect(answer).toMatchObject({
        status: 'rejected',
        reason: { code: 'ROLES_UNAVAILABLE', retryable: true },
      });
      expect(String('reason' in answer && answer.reason)).not.toContain('internal');
    }
    roles = async () => ROLES;
    await expect(visibilityOf(aCaller())).resolves.toMatchObject({ spaces: ['s-1', 's-2'] });
  });

  it('does not fall back to what it knew a minute ago', async () => {
    await visibilityOf(aCaller());
    elapsed = 60_000;
    roles = failing;

    await expect(visibilityOf(aCaller())).rejects.toMatchObject({ code: 'ROLES_UNAVAILABLE' });
  });

  it('does not take a client for the user whose GUID it bears', async () => {
    const guid = '6a2f41a3-c54c-4cb2-a8e1-0d4f8bf6f0ab';

    await expect(
      visibilityOf(aCaller({ userGuid: guid, userName: undefined, clientId: guid })),
    ).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
    expect(asked).toEqual([]);
  });

  it('lets nobody wait who went away, and looks up for the others', async () => {
    let answer = (): void => undefined;
    roles = () =>
      new Promise((resolve) => {
        answer = () => resolve(ROLES);
      });
    const away = new AbortController();
    const first = visibilityOf(aCaller(), away.signal);
    const other = visibilityOf(aCaller(), new AbortController().signal);
    away.abort();

    await expect(first).rejects.toBe(away.signal.reason);
    answer();
    await expect(other).resolves.toMatchObject({ kind: 'scoped', spaces: ['s-1', 's-2'] });
    await expect(visibilityOf(aCaller(), away.signal)).rejects.toBe(away.signal.reason);
    expect(asked).toHaveLength(1);
  });
});
