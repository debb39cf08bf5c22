import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseConfiguration } from '../../lib/config/read-configuration.ts';
import { SEES_ALL } from '../../lib/domain/visibility.ts';
import {
  ARCHIVER_CLIENT,
  type SampleFoundation,
  startSampleFoundation,
} from '../../lib/sample-foundation/sample-foundation.ts';
import { openSites } from '../../lib/serving/open-sites.ts';

const NOW = new Date('2026-03-31T00:00:00Z');
const READER = { scopes: ['cloud_controller.global_auditor'] };

describe('openSites, while Cloud Controller does not answer', () => {
  let foundation: SampleFoundation;
  let opened: ReturnType<typeof openSites> | undefined;
  beforeEach(async () => {
    foundation = await startSampleFoundation({ now: NOW });
    await foundation.listener.refuse();
  });
  afterEach(async () => {
    await opened?.close();
    await foundation.listener.accept();
    await foundation.close();
  });

  /** The foundation's site. @param more - fields of its configuration */
  const siteWith = (more: string) => {
    opened = openSites(
      parseConfiguration(
        `
archive: file:archive
foundations:
  - { name: eu-1, api: "${foundation.apiUrl}", client_id: ${ARCHIVER_CLIENT.id}, client_secret: { env: S }${more} }
http: { identity: uaa }
`,
        'test',
        '.',
      ),
    );
    const [site] = opened.sites;
    if (site === undefined) throw new Error('there is no site');
    return site;
  };

  it('knows global readers by the UAA that is configured', async () => {
    const site = siteWith(`, uaa: "${foundation.uaaUrl}"`);

    const caller = await site.identify(`bearer ${await foundation.uaa.token(READER)}`);

    expect(caller).toMatchObject(READER);
    await expect(site.visibility(caller, AbortSignal.timeout(5_000))).resolves.toEqual(SEES_ALL);
  });

  it('knows nobody of another UAA by it', async () => {
    await using other = await startSampleFoundation({ now: NOW });
    const site = siteWith(`, uaa: "${foundation.uaaUrl}"`);

    await expect(site.identify(`bearer ${await other.uaa.token(READER)}`)).rejects.toMatchObject({
      code: 'TOKEN_INVALID',
    });
  });

  it('knows nobody when none is configured', async () => {
    const site = siteWith('');

    await expect(
      site.identify(`bearer ${await foundation.uaa.token(READER)}`),
    ).rejects.toMatchObject({ code: 'IDENTITY_UNAVAILABLE' });
  });
});
