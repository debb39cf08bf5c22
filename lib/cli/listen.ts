import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import type { Hono } from 'hono';
import { ArchiveError } from '../domain/errors.ts';

export interface ListenAddress {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

/** A token with many scopes is long. */
const MAX_HEADER_BYTES = 32_768;

/** Signals by which a person or a supervisor ends it. */
const ENDING_SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Serve until a signal ends it: questions that are being answered are, new ones are not taken any more. A second signal ends at once.
 *
 * @param onListening - told the URL
 * @throws ArchiveError USAGE_INVALID when the address cannot be listened on
 */
export async function listen(
  app: Pick<Hono, 'fetch'>,
  { host, port }: ListenAddress,
  onListening: (url: string) => void,
): Promise<void> {
  const server = serve({
    fetch: app.fetch,
    hostname: host,
    port,
    serverOptions: { maxHeaderSize: MAX_HEADER_BYTES },
  }) as Server;
  await listening(server, host, port);
  onListening(urlOf(server.address() as AddressInfo));
  await ended();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const reason = REASONS[cause.code ?? ''] ?? cause.code;
      reject(
        new ArchiveError('USAGE_INVALID', `--host ${host} --port ${port}: ${reason}`, { cause }),
      );
    });
  });
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is taken; choose another, or 0 for any free one',
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'this port is not for everybody; choose one above 1023',
  ENOTFOUND: 'there is no such host',
};

const urlOf = ({ address, family, port }: AddressInfo): string =>
  `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;

function ended(): Promise<void> {
  return new Promise((resolve) => {
    const onSignal = (): void => {
      for (const signal of ENDING_SIGNALS) process.off(signal, onSignal);
      resolve();
    };
    for (const signal of ENDING_SIGNALS) process.on(signal, onSignal);
  });
}
