/** A server's beginning and end, and what protects its connections. */
import { createServer as createPlainServer, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import { constants } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import type { Express } from 'express';
import type { CheckedOptions } from '../options.js';
import { classesOf } from './classes.js';
import type { Connections } from './connections.js';

type Listen = CheckedOptions['listen'];

/** A server with TLS or without. */
export type AnyServer = Server | TlsServer;

/** How long clients may take, and how many there may be. */
export type ConnectionLimits = Pick<
  CheckedOptions['timeLimits'],
  'headersMs' | 'requestMs' | 'handshakeMs' | 'idleMs'
> &
  Pick<Listen, 'connections'>;

/** How often Node looks for requests that take too long. */
const LOOK_MS = { least: 100, most: 2_000 };

/**
 * What a server proves itself with, and whose client certificates it takes. Sessions aren't resumed where there are client
 * certificates: a resumed one would stand by what was trusted when it began.
 */
function secureContext(
  tls: NonNullable<Listen['tls']>,
  authorities: string | undefined,
): SecureContextOptions {
  const { certificate, privateKey, minimumVersion } = tls;
  return {
    cert: certificate,
    key: privateKey,
    minVersion: minimumVersion,
    ...(authorities === undefined ? {} : { ca: authorities, secureOptions: constants.SSL_OP_NO_TICKET }),
  };
}

/** Makes a server that does not wait for clients that are slow on purpose. */
export function serverFor(
  app: Express,
  { tls }: Listen,
  authorities: string | undefined,
  { headersMs, requestMs, handshakeMs, idleMs, connections }: ConnectionLimits,
  open: Connections,
): AnyServer {
  const answer = open.answered(app);
  const options: ServerOptions = {
    ...classesOf(app),
    headersTimeout: Math.min(headersMs, requestMs),
    requestTimeout: requestMs,
    // Refused with a problem instead, as two of them are.
    requireHostHeader: false,
    connectionsCheckingInterval: Math.min(LOOK_MS.most, Math.max(LOOK_MS.least, headersMs / 2)),
  };
  const server = tls
    ? createTlsServer(
        {
          ...options,
          ...secureContext(tls, authorities),
          handshakeTimeout: handshakeMs,
          // Whoever has none, or a wrong one, is answered with a problem rather than cut off: health needs none.
          requestCert: authorities !== undefined,
          rejectUnauthorized: false,
        },
        answer,
      )
    : createPlainServer(options, answer);
  server.on('checkExpectation', answer);
  open.watch(server);
  server.timeout = idleMs;
  server.maxConnections = connections;
  return server;
}

/**
 * Has a server with TLS prove itself with another certificate, and judge its clients by other authorities, from the next
 * connection on; open ones end, each once the requests that are under way have been answered.
 * @throws {Error} if it can't be used; then the old one stays.
 */
export function renewTls(
  server: AnyServer,
  tls: NonNullable<Listen['tls']>,
  authorities: string | undefined,
  connections: Connections,
): void {
  const context = secureContext(tls, authorities);
  createSecureContext(context);
  (server as TlsServer).setSecureContext(context);
  connections.outdate();
  server.closeIdleConnections();
}

/**
 * Begins to listen.
 * @returns `http://host:port`, or `https://…`
 * @throws {Error} if it can't.
 */
export async function listening(
  server: AnyServer,
  { host, port, tls }: Pick<Listen, 'host' | 'port'> & { readonly tls?: Listen['tls'] },
): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `${tls ? 'https' : 'http'}://${name}:${address.port}`;
}

/** Takes no further connection, and waits until every request has been answered; cuts off what is left in the end. */
export async function drained(server: AnyServer, connections: Connections, withinMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A connection whose last request has been answered would stay open for the next.
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const cut = setTimeout(() => {
    server.closeAllConnections();
    connections.destroyAll();
  }, withinMs);
  await closed;
  clearInterval(idle);
  clearTimeout(cut);
}
