import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createFoundationLinks } from '../../lib/cloud-foundry/foundation-links.ts';
import {
  type SampleFoundation,
  startSampleFoundation,
} from '../../lib/sample-foundation/sample-foundation.ts';

const MINUTE_MS = 60_000;

describe('createFoundationLinks', () => {
  let sample: SampleFoundation;
  let elapsed: number;
  beforeEach(async () => {
    sample = await startSampleFoundation({ now: new Date('2026-03-12T06:00:00Z') });
    elapsed = 0;
  });
  afterEach(() => sample.close());

  const links = (configured: { uaa?: string; login?: string } = {}) =>
    createFoundationLinks({
      api: sample.apiUrl,
      userAgent: 'test',
      elapsedMs: () => elapsed,
      ...configured,
    });

  it('tells what the foundation tells, and asks it every ten minutes', async () => {
    const ask = links({ uaa: 'https://configured.example.org' });

    for (let minute = 0; minute <= 25; minute += 1) {
      elapsed = minute * MINUTE_MS;
      expect(await ask()).toEqual({ uaa: sample.uaaUrl, login: sample.uaaUrl, version: '3.228.0' });
    }
    expect(sample.requests.count()).toBe(3);
  });

  it('tells what the foundation told last when it tells nothing any more', async () => {
    const ask = links();
    const told = await ask();
    sample.faults.add({ fault: { kind: 'maintenance' } });
    elapsed = 11 * MINUTE_MS;

    expect(await ask()).toEqual(told);
  });

  it('tells what is configured when the foundation never told, and does not ask it for each client', async () => {
    await sample.listener.refuse();
    const ask = links({ uaa: 'https://uaa.example.org', login: 'https://login.example.org' });
    const only = links({ login: 'https://login.example.org' });

    expect(await ask()).toMatchObject({
      uaa: 'https://uaa.example.org',
      login: 'https://login.example.org',
    });
    expect(await only()).toMatchObject({ uaa: 'https://login.example.org' });
    await sample.listener.accept();
    await ask();
    expect(sample.requests.count()).toBe(0);
    elapsed = 31_000;
    expect(await ask()).toMatchObject({ uaa: sample.uaaUrl });
  });

  it('says what to do when nobody knows', async () => {
    sample.faults.add({ fault: { kind: 'replaced', body: '{"links":{}}' } });

    await expect(links()()).rejects.toMatchObject({
      code: 'CF_UNAVAILABLE',
      message: expect.stringContaining('configure `uaa` and `login`'),
    });
  });
});
