import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What happens to one request on its way. */
export type Fault =
  /** The server does its work, but its answer never arrives. */
  | 'answer lost'
  /** The connection breaks after the head of the answer and some of its body. */
  | 'answer cut'
  /** The server never hears of it. */
  | 'refused'
  /** 503 SlowDown from the way. */
  | 'slow down'
  | 'none';

export interface FaultyProxy {
  readonly endpoint: string;
  /** For the next requests of this method, one each; later ones pass. */
  inject(method: string, ...faults: Fault[]): void;
  /** Of this method since the start, faulty ones included. */
  count(method: string): number;
  close(): Promise<void>;
}

const SLOW_DOWN =
  '<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>';

/** Stands in front of a server and breaks what it is told to break. */
export async function startFaultyProxy(target: string): Promise<FaultyProxy> {
  const planned = new Map<string, Fault[]>();
  const counts = new Map<string, number>();

  const server = createServer((incoming, outgoing) => {
    const method = incoming.method ?? '';
    counts.set(method, (counts.get(method) ?? 0) + 1);
    const fault = planned.get(method)?.shift() ?? 'none';

    if (fault === 'refused') {
      incoming.socket.destroy();
      return;
    }
    if (fault === 'slow down') {
      incoming.resume();
      incoming.once('end', () => {
        outgoing.writeHead(503, { 'content-type': 'application/xml' }).end(SLOW_DOWN);
      });
      return;
    }
    const { expect: _, ...headers } = incoming.headers;
    const forwarded = request(`${target}${incoming.url}`, { method, headers }, (answer) => {
      if (fault === 'answer lost') {
        answer.resume();
        answer.once('end', () => incoming.socket.destroy());
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      if (fault === 'answer cut') {
        answer.once('data', (chunk: Buffer) => {
          outgoing.write(chunk.subarray(0, chunk.length / 2), () => incoming.socket.destroy());
        });
        return;
      }
      answer.pipe(outgoing);
    });
    forwarded.once('error', () => incoming.socket.destroy());
    incoming.once('close', () => {
      if (!incoming.complete) forwarded.destroy();
    });
    incoming.pipe(forwarded);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });

  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    inject: (method, ...faults) => {
      planned.set(method, faults);
    },
    count: (method) => counts.get(method) ?? 0,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
