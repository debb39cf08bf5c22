import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CloudFoundryCallers } from '../../lib/cloud-foundry/cloud-foundry-callers.ts';
import { createTokenVerifier } from '../../lib/identity/verify-token.ts';
import {
  ARCHIVER_CLIENT,
  type SampleFoundation,
  startSampleFoundation,
} from '../../lib/sample-foundation/sample-foundation.ts';
import { createVisibility } from '../../lib/visibility/visibility-of.ts';
import {
  anOrganizationRecord,
  aRoleRecord,
  aSpaceRecord,
  aUserRecord,
  theRecords,
} from '../support/sample-foundation/records.ts';

const MANY = 5_003;
const SPACES = Array.from({ length: MANY }, (_, index) => `s-${String(index).padStart(5, '0')}`);

let foundation: SampleFoundation;
let callers: CloudFoundryCallers;
beforeEach(async () => {
  foundation = await startSampleFoundation({
    now: new Date('2026-03-31T00:00:00Z'),
    records: theRecords({
      organizations: [anOrganizationRecord('o-1')],
      spaces: SPACES.map((guid) => aSpaceRecord(guid, 'o-1')),
      users: [aUserRecord('many'), aUserRecord('supporter'), aUserRecord('nobody')],
      roles: [
        ...SPACES.map((guid) => aRoleRecord('space_developer', 'many', guid)),
        aRoleRecord('space_supporter', 'supporter', 's-00007'),
        aRoleRecord('space_manager', 'supporter', 's-00008'),
      ],
    }),
  });
  callers = new CloudFoundryCallers(options());
});
afterEach(async () => {
  await callers.close();
  await foundation.close();
});

const options = () => ({
  api: foundation.apiUrl,
  clientId: ARCHIVER_CLIENT.id,
  clientSecret: async () => ARCHIVER_CLIENT.secret,
  concurrency: 2,
  userAgent: 'test',
  retry: { baseDelayMs: 0 },
});

const scoped = (spaces: readonly string[]) => ({ kind: 'scoped', spaces, organizations: [] });

async function visibilityOf(userGuid: string) {
  const verify = createTokenVerifier({ provider: callers });
  const caller = await verify(`bearer ${await foundation.uaa.token({ userGuid })}`);
  return createVisibility({ roles: callers.roles })(caller);
}

describe('CloudFoundryCallers', () => {
  it('reads all pages of roles', async () => {
    await expect(visibilityOf('many')).resolves.toEqual(scoped(SPACES));

    expect(foundation.requests.count('/v3/roles?')).toBe(4);
  });

  it('sees what no manager sees, and nothing for somebody without roles', async () => {
    await expect(visibilityOf('supporter')).resolves.toEqual(scoped(['s-00007']));
    await expect(visibilityOf('nobody')).resolves.toEqual(scoped([]));
  });

  it('reads again when a role goes while they are paged, and never gives a part', async () => {
    let pages = 0;
    foundation.hooks.betweenCountAndRows = () => {
      pages += 1;
      // The second page then begins one role too late.
      if (pages === 2) foundation.database.run("DELETE FROM roles WHERE space_guid = 's-00001'");
    };

    await expect(visibilityOf('many')).resolves.toEqual(
      scoped(SPACES.filter((guid) => guid !== 's-00001')),
    );
  });

  it('fails when Cloud Controller does not answer, and when UAA does not', async () => {
    const verify = createTokenVerifier({ provider: callers });
    const caller = await verify(`bearer ${await foundation.uaa.token({ userGuid: 'many' })}`);
    await foundation.listener.refuse();

    await expect(createVisibility({ roles: callers.roles })(caller)).rejects.toMatchObject({
      code: 'ROLES_UNAVAILABLE',
    });
    await foundation.listener.accept();
  });

  it('refuses the token of another foundation whose keys are the same', async () => {
    await using other = await startSampleFoundation({ now: new Date('2026-03-31T00:00:00Z') });
    const verify = createTokenVerifier({ provider: callers });

    await expect(verify(`bearer ${await other.uaa.token()}`)).rejects.toMatchObject({
      code: 'TOKEN_INVALID',
    });
  });

  it('believes the foundation, not the configuration, in where its UAA is', async () => {
    await using other = await startSampleFoundation({ now: new Date('2026-03-31T00:00:00Z') });
    const told = new CloudFoundryCallers({ ...options(), uaa: other.uaaUrl });
    const verify = createTokenVerifier({ provider: told });

    await expect(verify(`bearer ${await other.uaa.token()}`)).rejects.toMatchObject({
      code: 'TOKEN_INVALID',
    });
    await expect(verify(`bearer ${await foundation.uaa.token()}`)).resolves.toMatchObject({
      clientId: expect.any(String),
    });
    await told.close();
  });

  it('refuses expired and refresh tokens, and takes those of a new key', async () => {
    let elapsed = 0;
    const verify = createTokenVerifier({ provider: callers, elapsedMs: () => elapsed });
    const { uaa } = foundation;
    const user = { userGuid: 'many' };

    for (const bad of [{ lifetimeSeconds: -1 }, { refresh: true }]) {
      const token = await uaa.token({ ...user, ...bad });
      await expect(verify(`bearer ${token}`)).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
    }
    await uaa.rotateKey();
    elapsed = 10_000;

    await expect(verify(`bearer ${await uaa.token(user)}`)).resolves.toMatchObject({
      userGuid: 'many',
    });
  });
});
