import { once } from 'node:events';
import { connect, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { serve } from '@hono/node-server';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ArchiveError } from '../../lib/domain/errors.ts';
import type { HttpOptions, HttpPorts } from '../../lib/http/ports.ts';
import type { QueryEngine } from '../../lib/query/ports.ts';
import type { AskedQuestion } from '../../lib/query-log/ports.ts';
import { anEventRow } from '../support/event-rows.ts';
import { API, anHttpRig, type HttpRig } from '../support/http/http-rig.ts';
import { anEventRecord, micros } from '../support/sample-foundation/records.ts';

const BATCH = Array.from({ length: 500 }, () =>
  anEventRow({ data: JSON.stringify({ text: 'x'.repeat(1000) }) }),
);
const PATH = '/api/v1/events?format=ndjson';

describe('an answer that is sent while it is made', () => {
  let rig: HttpRig;
  beforeAll(async () => {
    rig = await anHttpRig({
      events: [anEventRecord({ created_at: micros('2026-03-10T12:00:00Z') })],
    });
  });
  afterAll(() => rig.close());

  let open: number;
  let log: AskedQuestion[];
  beforeEach(() => {
    open = 0;
    log = [];
  });

  /** Gives batches of half a megabyte, and tells whether it was ended. */
  const anEngine = (batches: number): QueryEngine => ({
    ...rig.archive().engine,
    rows: () => {
      let scanned = 0;
      return {
        batches: (async function* () {
          open += 1;
          try {
            for (let batch = 0; batch < batches; batch += 1) {
              scanned += 1_000;
              yield BATCH;
            }
          } finally {
            open -= 1;
          }
        })(),
        scannedBytes: () => scanned,
        dollars: () => 0,
      };
    },
  });

  const streaming = (
    batches: number,
    ports: Partial<HttpPorts> = {},
    options: Partial<HttpOptions> = {},
  ) =>
    rig.another(
      {
        archive: () => ({ ...rig.archive(), engine: anEngine(batches) }),
        log: async (question) => {
          log.push(question);
        },
        ...ports,
      },
      { questionsPerUser: 1, ...options },
    );

  const until = async (condition: () => boolean): Promise<void> => {
    for (let wait = 0; wait < 100 && !condition(); wait += 1) await sleep(20);
    expect(condition()).toBe(true);
  };

  it('is on record as started before its first byte, and as answered before its last one', async () => {
    const app = streaming(4);
    const response = await app.request(`${API}${PATH}`);
    const atFirst = [...log];
    const text = await response.text();

    expect(atFirst).toMatchObject([{ outcome: 'started', status: 200, rows: 0 }]);
    expect(text.trimEnd().split('\n')).toHaveLength(2_000);
    expect(log).toMatchObject([
      {},
      {
        outcome: 'answered',
        status: 200,
        rows: 2_000,
        scannedBytes: 4_000,
        path: '/api/v1/events',
      },
    ]);
    expect(log[0]?.at).toEqual(log[1]?.at);
  });

  describe('when it is made first', () => {
    /** Reads everything, and keeps what is on record at the first row. */
    const reading = (fail = false) => {
      const atFirstRow: AskedQuestion[][] = [];
      const app = streaming(4, {
        writeFile: async ({ batches }) => {
          for await (const _ of batches) if (atFirstRow.length === 0) atFirstRow.push([...log]);
          return { file: '/dev/null', bytes: 0, remove: async () => undefined };
        },
        exports: {
          publish: async () => ({ url: 'https://exports.example.org/x', expiresAt: new Date() }),
        },
        ...(fail && {
          log: async () => {
            throw new ArchiveError('STORE_FULL', 'no room');
          },
        }),
      });
      return { app, atFirstRow };
    };

    it.each([PATH, '/api/v1/events?format=csv', '/api/v1/reports/crashes'])(
      'is on record as started before a row is read: %s',
      async (path) => {
        const { app, atFirstRow } = reading();

        const { status } = await app.request(`${API}${path}`);

        expect(status).toBe(303);
        expect(atFirstRow).toMatchObject([[{ outcome: 'started', status: 303, rows: 0 }]]);
        expect(log).toMatchObject([{}, { outcome: 'answered', status: 303, scannedBytes: 4_000 }]);
      },
    );

    it('is on record as started once, although it is then sent as any other', async () => {
      const app = streaming(1);
      await (await app.request(`${API}/api/v1/events?format=parquet`)).arrayBuffer();

      expect(log.map(({ status, outcome }) => [status, outcome])).toEqual([
        [200, 'started'],
        [200, 'answered'],
      ]);
    });

    it('is not read when it cannot be put on record', async () => {
      const { app, atFirstRow } = reading(true);

      const { status } = await app.request(`${API}${PATH}`);

      expect([status, atFirstRow]).toEqual([503, []]);
    });
  });

  it('gives no byte when it cannot be put on record', async () => {
    const app = streaming(4, {
      log: async () => {
        throw new ArchiveError('STORE_FULL', 'no room');
      },
    });
    const response = await app.request(`${API}${PATH}`);

    expect(response.status).toBe(503);
    expect(await response.text()).toMatch(/cannot be put on record/);
    expect(open).toBe(0);
    expect((await app.request(`${API}/v3`)).status).toBe(200);
  });

  it('is never whole when its end cannot be put on record, and its operator is told', async () => {
    const onFault = jest.fn();
    const app = streaming(4, {
      onFault,
      log: async (question) => {
        log.push(question);
        if (log.length > 1) throw new ArchiveError('STORE_FULL', 'no room');
      },
    });
    const { body } = await app.request(`${API}${PATH}`);
    let bytes = 0;
    const reading = (async () => {
      for await (const chunk of body ?? []) bytes += chunk.length;
    })();

    await expect(reading).rejects.toThrow(/put on record/);
    expect(bytes).toBeGreaterThan(0);
    expect(onFault).toHaveBeenCalledWith(expect.objectContaining({ code: 'QUERY_LOG_FAILED' }));
  });

  it('tells its operator, not nobody, when what broke off cannot be put on record', async () => {
    const onFault = jest.fn();
    const app = streaming(1_000, {
      onFault,
      log: async (question) => {
        log.push(question);
        if (log.length > 1) throw new ArchiveError('STORE_FULL', 'no room');
      },
    });
    const { body } = await app.request(`${API}${PATH}`);
    await body?.cancel();

    await until(() => onFault.mock.calls.length === 1);
    expect(open).toBe(0);
  });

  it('ends in time, read or not, and keeps neither turn nor engine', async () => {
    const app = streaming(Number.POSITIVE_INFINITY, {}, { exportTimeoutMs: 300 });
    const { body } = await app.request(`${API}${PATH}`);
    const reader = body?.getReader();
    await reader?.read();
    expect(open).toBe(1);

    await until(() => log.length === 2);

    expect(open).toBe(0);
    expect(log[1]).toMatchObject({ outcome: 'QUERY_TIMEOUT', rows: expect.any(Number) });
    expect(log[1]?.rows).toBeGreaterThan(0);
    await expect(reader?.closed).rejects.toMatchObject({ name: 'TimeoutError' });
    expect((await app.request(`${API}/api/v1/coverage`)).status).toBe(200);
  });

  it('ends in time when its client holds the connection and reads no more', async () => {
    const app = streaming(Number.POSITIVE_INFINITY, {}, { exportTimeoutMs: 700 });
    const quiet = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }) as Server;
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(`GET ${PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
    await once(socket, 'data');
    socket.pause();

    await until(() => log.length === 2);

    expect(log[1]).toMatchObject({ outcome: 'QUERY_TIMEOUT' });
    expect(open).toBe(0);
    socket.destroy();
    await new Promise((resolve) => server.close(resolve));
    quiet.mockRestore();
  });

  it('is aborted when its reader goes away, over a connection', async () => {
    const app = streaming(Number.POSITIVE_INFINITY);
    const quiet = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }) as Server;
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const socket = connect(port, '127.0.0.1');
    socket.write(`GET ${PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
    await once(socket, 'data');
    socket.destroy();

    await until(() => log.length === 2);

    expect(log[1]).toMatchObject({ outcome: 'aborted' });
    expect(open).toBe(0);
    await new Promise((resolve) => server.close(resolve));
    quiet.mockRestore();
  });
});
