import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Answer, FoundationRequest, ServerName } from './exchange.ts';
import { faultAnswer } from './fault-answers.ts';
import type { Fault, Faults } from './faults.ts';
import type { RequestLog } from './request-log.ts';
import { sendAnswer } from './send-answer.ts';

export interface LoopbackServerOptions {
  readonly name: ServerName;
  /** 0: any free port. */
  readonly port: number;
  readonly answer: (request: FoundationRequest) => Promise<Answer>;
  readonly faults: Faults;
  readonly requests: RequestLog;
  /** What the `Date` header says. */
  readonly now: () => Date;
}

export interface LoopbackServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Stop accepting connections and end the open ones: clients see "connection refused". */
  refuse(): Promise<void>;
  /** Accept connections again, on the same port. */
  accept(): Promise<void>;
  close(): Promise<void>;
}

/** An HTTP server on 127.0.0.1 that logs every request and lets the faults have their say. */
export async function startLoopbackServer(options: LoopbackServerOptions): Promise<LoopbackServer> {
  const server = createServer({ maxHeaderSize: 65_536 }, (incoming, response) => {
    // A client that goes away in mid-request is no business of the foundation.
    serve(options, incoming, response).catch(() => response.destroy());
  });
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  const stop = () =>
    new Promise<void>((resolve) => {
      if (!server.listening) return resolve();
      server.close(() => resolve());
      server.closeAllConnections();
    });

  await listen(options.port);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    refuse: stop,
    accept: () => (server.listening ? Promise.resolve() : listen(port)),
    close: stop,
  };
}

async function serve(
  options: LoopbackServerOptions,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const request = await readRequest(options.name, incoming);
  const fault = options.faults.next(request);
  const log = (status: number | null) => {
    const { server, method, path, query } = request;
    const entry = { server, method, path, query, status };
    options.requests.add(fault === undefined ? entry : { ...entry, fault: fault.kind });
  };

  if (fault?.kind === 'reset' || fault?.kind === 'no-answer') {
    log(null);
    if (fault.kind === 'reset') incoming.socket.resetAndDestroy();
    return;
  }
  const answer = await answerOf(options, request, fault);
  log(answer.status);
  response.setHeader('Date', options.now().toUTCString());
  await sendAnswer(response, answer, request.method === 'HEAD', fault);
}

async function answerOf(
  options: LoopbackServerOptions,
  request: FoundationRequest,
  fault: Fault | undefined,
): Promise<Answer> {
  const replaced = fault === undefined ? undefined : faultAnswer(fault);
  return replaced ?? (await options.answer(request));
}

async function readRequest(
  server: ServerName,
  incoming: IncomingMessage,
): Promise<FoundationRequest> {
  const target = incoming.url ?? '/';
  const mark = target.indexOf('?');
  const pieces: Buffer[] = [];
  for await (const piece of incoming) pieces.push(piece as Buffer);
  return {
    server,
    method: incoming.method ?? 'GET',
    path: mark === -1 ? target : target.slice(0, mark),
    query: mark === -1 ? '' : target.slice(mark + 1),
    headers: incoming.headers as Record<string, string | undefined>,
    body: Buffer.concat(pieces).toString('utf8'),
  };
}
