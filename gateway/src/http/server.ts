/** A server's beginning and end, and what protects its connections. */
import { createServer as createPlainServer, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import { constants } from 'node:crypto';
import type { AddressInfo, Socket } from 'node:net';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import type { Express } from 'express';
import type { CheckedOptions } from '../options.js';
import { classesOf } from './classes.js';

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
): AnyServer {
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
        app,
      )
    : createPlainServer(options, app);
  server.on('checkExpectation', app);
  server.timeout = idleMs;
  server.maxConnections = connections;
  return server;
}

/**
 * Has a server with TLS prove itself with another certificate from the next connection on; open ones whose client says
 * nothing at the moment are closed.
 * @throws {Error} if it can't be used; then the old one stays.
 */
export function renewTls(
  server: AnyServer,
  tls: NonNullable<Listen['tls']>,
  authorities: string | undefined,
): void {
  const context = secureContext(tls, authorities);
  createSecureContext(context);
  (server as TlsServer).setSecureContext(context);
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

/** Remembers the connections of a server, also those whose TLS has not been agreed on: HTTP doesn't know these. */
export function connectionsOf(server: AnyServer): ReadonlySet<Socket> {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return open;
}

/** Takes no further connection, and waits until every request has been answered; cuts off what is left in the end. */
export async function drained(
  server: AnyServer,
  connections: ReadonlySet<Socket>,
  withinMs: number,
): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A connection whose last request has been answered would stay open for the next.
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const cut = setTimeout(() => {
    server.closeAllConnections();
    for (const socket of connections) socket.destroy();
  }, withinMs);
  await closed;
  clearInterval(idle);
  clearTimeout(cut);
}
