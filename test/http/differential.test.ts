import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { API, anHttpRig, type HttpRig } from '../support/http/http-rig.ts';
import {
  aClientOf,
  type CloudControllerClient,
} from '../support/sample-foundation/cloud-controller-client.ts';
import { aHistory } from './support/history.ts';
import { requests } from './support/random-requests.ts';

/** How many requests are compared; `npm run test:requests` compares ten thousand. */
const REQUESTS = Number(process.env.REQUESTS ?? 300);

interface Received {
  readonly status: number;
  readonly body: string;
}

/** Answered wrongly once, each found by a random request. */
const FOUND_BEFORE = [
  '/v3/audit_events?created_ats[lt]=0000-01-01T00:00:00Z',
  '/v3/audit_events?target_guids[x]=&target_guids[not]=app-1',
  '/v3/audit_events?target_guids[not]=app-1&target_guids[x]=a,b&per_page=5&page=2',
];

/** Where the archive is meant to differ: which answers, why, and what must hold instead. */
const WANTED_DIFFERENCES: readonly {
  readonly why: string;
  readonly applies: (path: string, theirs: Received) => boolean;
  /** Their answer as ours should be. @param ask - asks Cloud Controller something else */
  readonly wanted: (
    theirs: Received,
    path: string,
    ask: (path: string) => Promise<Received>,
  ) => Received | Promise<Received>;
}[] = [
  {
    why: 'without order_by Cloud Controller lists by arrival, which no API tells and nobody can archive; ours by created_at and GUID, as when order_by=created_at is asked',
    applies: (_, { status, body }) =>
      status === 200 && !/"first":\{"href":"[^"]*order_by=/.test(body),
    wanted: async (_, path, ask) => {
      const { status, body } = await ask(
        `${path}${path.includes('?') ? '&' : '?'}order_by=created_at`,
      );
      return { status, body: body.replaceAll('order_by=%2Bcreated_at&', '') };
    },
  },
  {
    why: "Cloud Controller's page links lose `[not]` and so show on page 2 what page 1 excluded; ours keep it",
    applies: (_, { body }) => body.includes('target_guids%5Bnot%5D%5B%5D='),
    wanted: ({ status, body }) => ({ status, body: keepExclusion(body) }),
  },
  {
    why: 'a request line that is too long gets an HTML page from the nginx before Cloud Controller; here it is the JSON that clients read',
    applies: (_, { status }) => status === 414,
    wanted: () => ({
      status: 414,
      body: '{"errors":[{"detail":"The URL is longer than 8192 characters: ask for fewer values at a time","title":"CF-InvalidRequest","code":10004}]}',
    }),
  },
];

/** `…[not][]=a&…[not][]=b` as `…[not]=a,b`, a comma inside a value escaped for the next reading. */
function keepExclusion(body: string): string {
  const one = 'target_guids%5Bnot%5D%5B%5D=';
  return body.replaceAll(/(?:target_guids%5Bnot%5D%5B%5D=[^&"]*&?)+/g, (pairs) => {
    const values = pairs
      .split('&')
      .filter((pair) => pair !== '')
      .map((pair) => pair.slice(one.length).replaceAll('%2C', '%252C'));
    return `target_guids%5Bnot%5D=${values.join('%2C')}${pairs.endsWith('&') ? '&' : ''}`;
  });
}

/** Pages are long: of two that differ, only the place is shown. */
function expectSame(ours: Received, theirs: Received): void {
  let at = 0;
  while (at < theirs.body.length && ours.body[at] === theirs.body[at]) at += 1;
  const near = ({ status, body }: Received): Received =>
    ours.body === theirs.body
      ? { status, body: 'the same' }
      : { status, body: body.slice(Math.max(0, at - 150), at + 250) };
  expect(near(ours)).toEqual(near(theirs));
}

describe('random requests of GET /v3/audit_events', () => {
  let rig: HttpRig;
  let cc: CloudControllerClient;
  const { events, words } = aHistory();

  beforeAll(async () => {
    rig = await anHttpRig({ events, externalUrl: API, precision: 'whole-seconds' });
    cc = await aClientOf(rig.sample);
  });
  afterAll(() => rig.close());

  it(
    'get status, body and messages from the archive as from Cloud Controller',
    async () => {
      const seen = new Map<number, number>();
      let differing = 0;
      await fc.assert(
        fc.asyncProperty(requests(words), async (path) => {
          const ask = async (other: string): Promise<Received> => {
            const { status, text } = await cc.get(other);
            return { status, body: text };
          };
          const theirs = await ask(path);
          const ours = await rig.get(path);
          let wanted = theirs;
          for (const difference of WANTED_DIFFERENCES) {
            if (difference.applies(path, wanted)) {
              wanted = await difference.wanted(wanted, path, ask);
            }
          }
          seen.set(theirs.status, (seen.get(theirs.status) ?? 0) + 1);
          differing += wanted.body === theirs.body ? 0 : 1;

          expectSame({ status: ours.status, body: await ours.text() }, wanted);
        }),
        {
          numRuns: REQUESTS,
          examples: FOUND_BEFORE.map((path) => [path]),
          ...(process.env.SEED ? { seed: Number(process.env.SEED) } : {}),
        },
      );

      const statuses = [...seen].sort().map(([status, count]) => `${count} × ${status}`);
      process.stdout.write(
        `${REQUESTS} requests compared: ${statuses.join(', ')}; ${differing} with a wanted difference\n`,
      );
      expect(seen.get(200)).toBeGreaterThan(REQUESTS / 5);
      expect(seen.get(400)).toBeGreaterThan(REQUESTS / 20);
      expect(rig.faults).toEqual([]);
    },
    15 * 60_000,
  );
});
