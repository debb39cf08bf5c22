import { rm, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { aContext, aFunctionRig, type FunctionRig } from '../support/functions/function-rig.ts';

let rig: FunctionRig;
beforeEach(async () => {
  rig = await aFunctionRig();
});
afterEach(() => rig.close());

const load = () => import('../../functions/digest/handler.ts');
const SIGNING = 'signing: { ed25519: { file: ./key.pem } }';

const configured = () =>
  rig.configure({ sections: SIGNING.replace('./key.pem', `${rig.directory}/key.pem`) });

describe('the digest function', () => {
  it('signs a digest of each foundation, names its head, and counts', async () => {
    configured();
    await rig.run();
    const { handler } = await load();

    const heads = await handler({}, aContext());
    const again = await handler({}, aContext());

    const [digest = '', signature = ''] = await rig.keys('digests/');
    expect([digest.endsWith('.json'), signature.endsWith('.jws')]).toEqual([true, true]);
    expect(heads).toMatchObject([{ foundation: 'eu-1', key: digest }]);
    expect(again).toEqual(heads);
    const [first, second] = rig.logged().filter((entry) => '_aws' in entry);
    expect(first).toMatchObject({ DigestsSigned: 1, DigestsFailed: 0 });
    expect(second).toMatchObject({ DigestsSigned: 0, DigestsFailed: 0 });
    expect(Number(second?.DigestAgeHours)).toBeLessThan(1);
  });

  it('counts a digest that cannot be made, and does the others', async () => {
    configured();
    await rig.store.create('digests/v1/foundation=eu-1/2026-01-01.json', new Uint8Array([123]));
    const { handler } = await load();

    const heads = await handler({}, aContext());

    expect(heads).toEqual([]);
    expect(rig.metrics()).toMatchObject({ DigestsSigned: 0, DigestsFailed: 1 });
    expect(rig.metrics()).not.toHaveProperty('DigestAgeHours');
  });

  it('fails when trying again may help, after the others are done: Lambda tries again, and the day gets its digest', async () => {
    configured();
    await rig.run();
    const head = `${rig.directory}/archive/digests`;
    await writeFile(head, 'no folder');
    const { handler } = await load();

    await expect(handler({}, aContext())).rejects.toMatchObject({ code: 'STORE_DENIED' });

    expect(rig.metrics()).toMatchObject({ DigestsSigned: 0, DigestsFailed: 1 });
    await rm(head);
    await handler({}, aContext());
    expect(rig.metrics()).toMatchObject({ DigestsSigned: 1, DigestsFailed: 0 });
  });

  it('does not start without a key', async () => {
    rig.configure();

    await expect(load()).rejects.toThrow('signing is missing');
  });
});
