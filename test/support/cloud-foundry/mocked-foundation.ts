import { type Dispatcher, MockAgent } from 'undici';
import {
  CloudFoundryFoundation,
  type FoundationOptions,
} from '../../../lib/cloud-foundry/cloud-foundry-foundation.ts';

export const API = 'https://api.example.org';
export const UAA = 'https://uaa.example.org';

export interface SentRequest {
  readonly method: string;
  readonly origin: string;
  /** With the query, exactly as sent. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface MockedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A token that nobody signed, with these scopes; `name` tells it from others. */
export function aToken(name = 'first', scopes = ['cloud_controller.admin_read_only']): string {
  const part = (document: unknown): string =>
    Buffer.from(JSON.stringify(document)).toString('base64url');
  return `${part({ alg: 'RS256' })}.${part({ jti: name, scope: scopes })}.${part('signature')}`;
}

export const aGrant = (token = aToken(), expiresIn = 1200): MockedAnswer => ({
  body: JSON.stringify({ access_token: token, token_type: 'bearer', expires_in: expiresIn }),
});

export const aRoot = (version = '3.228.0'): MockedAnswer => ({
  body: JSON.stringify({
    links: {
      cloud_controller_v3: { href: `${API}/v3`, meta: { version } },
      uaa: { href: UAA },
      login: { href: 'https://login.example.org' },
    },
  }),
});

export const aList = (resources: readonly unknown[], total = resources.length): MockedAnswer => ({
  body: JSON.stringify({ pagination: { total_results: total }, resources }),
});

/** Waits that were asked for instead of waited for, in milliseconds. */
export interface Waits {
  readonly waits: number[];
  readonly sleep: (ms: number) => Promise<void>;
}

export function recordedWaits(): Waits {
  const waits: number[] = [];
  return {
    waits,
    async sleep(ms) {
      waits.push(ms);
    },
  };
}

export interface MockedFoundation {
  readonly source: CloudFoundryFoundation;
  readonly sent: SentRequest[];
  readonly waits: number[];
  /** Answers to a path, one after the other; the last one stays. */
  on(path: string, ...answers: MockedAnswer[]): void;
}

/** A foundation of canned answers, with the network off. `/` and `/oauth/token` answer well unless told otherwise. */
export function aMockedFoundation(over: Partial<FoundationOptions> = {}): MockedFoundation {
  const agent = new MockAgent();
  agent.disableNetConnect();
  const sent: SentRequest[] = [];
  const answers = new Map<string, MockedAnswer[]>([
    ['/', [aRoot()]],
    ['/oauth/token', [aGrant()]],
  ]);
  for (const origin of [API, UAA]) {
    for (const method of ['GET', 'POST']) {
      agent
        .get(origin)
        .intercept({ path: () => true, method })
        .reply((options) => {
          const path = String(options.path);
          sent.push({
            origin,
            method,
            path,
            headers: options.headers as Record<string, string>,
            body: String(options.body ?? ''),
          });
          const queue = answers.get(path.split('?')[0] ?? '') ?? [{ status: 418 }];
          const answer = (queue.length > 1 ? queue.shift() : queue[0]) ?? {};
          return {
            statusCode: answer.status ?? 200,
            data: answer.body ?? '',
            responseOptions: { headers: { ...answer.headers } },
          };
        })
        .persist();
    }
  }
  const { waits, sleep } = recordedWaits();
  const source = new CloudFoundryFoundation({
    api: API,
    clientId: 'audit-archive',
    clientSecret: async () => 'a&b=c %41+d',
    concurrency: 2,
    userAgent: 'cf-audit-archive/1.2.3',
    dispatcher: agent as Dispatcher,
    ...over,
    retry: { random: () => 0.5, sleep, ...over.retry },
  });
  return { source, sent, waits, on: (path, ...list) => void answers.set(path, list) };
}
