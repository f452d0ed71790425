/** Requests over TLS with a client certificate, which `fetch` doesn't send. */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { TLSSocket, type ConnectionOptions } from 'node:tls';

/** An answer. */
export interface TlsAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  /** Fingerprint of the server's certificate, as Node writes it. */
  readonly server: string;
  readonly protocol: string | null;
}

/** What is asked. */
export interface TlsRequest {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/**
 * Asks over a connection of its own, whatever the server's certificate is.
 * @throws {Error} if there is no connection.
 */
export async function askOverTls(
  url: string,
  tls: ConnectionOptions,
  { method = 'GET', headers = {}, body }: TlsRequest = {},
): Promise<TlsAnswer> {
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  const asked = request(url, {
    method,
    headers: { ...headers, ...type },
    agent: false,
    rejectUnauthorized: false,
    ...tls,
  });
  asked.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  const { socket } = response;
  if (!(socket instanceof TLSSocket)) throw new Error('the connection has no TLS');
  const server = socket.getPeerCertificate().fingerprint256;
  const protocol = socket.getProtocol();
  const answered = await text(response);
  return {
    status: response.statusCode ?? 0,
    body: (answered === '' ? {} : JSON.parse(answered)) as Record<string, unknown>,
    server,
    protocol,
  };
}
