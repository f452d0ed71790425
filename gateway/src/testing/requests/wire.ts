/** Sending a request byte for byte: what no well-behaved client sends, too. */
import { connect } from 'node:net';
import type { MadeRequest } from './request.js';

/** An answer as it came. */
export interface WireAnswer {
  readonly status: number;
  /** By name in small letters. */
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
}

const PATIENCE_MS = 20_000;
const END_OF_HEAD = '\r\n\r\n';

function unchunked(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf('\r\n', at);
    const size = Number.parseInt(bytes.toString('latin1', at, end), 16);
    if (!(size > 0)) break;
    parts.push(bytes.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
  return Buffer.concat(parts);
}

function answerIn(bytes: Buffer): WireAnswer {
  const headEnd = bytes.indexOf(END_OF_HEAD);
  const [first = '', ...lines] = bytes.toString('latin1', 0, headEnd).split('\r\n');
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const rest = bytes.subarray(headEnd + END_OF_HEAD.length);
  const body = headers.get('transfer-encoding') === 'chunked' ? unchunked(rest) : rest;
  return { status: Number(first.split(' ')[1]), headers, text: body.toString('utf8') };
}

/**
 * Sends bytes on a connection of their own, and takes what comes until the other side closes it; of a stream of events
 * only the beginning.
 * @throws {Error} if nothing that begins as an answer comes
 */
export function exchange(url: string, bytes: Uint8Array): Promise<WireAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let came = Buffer.alloc(0);
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('no answer in time')));
    socket.on('data', (data) => {
      came = Buffer.concat([came, data]);
      const head = came.subarray(0, came.indexOf(END_OF_HEAD) + 1).toString('latin1');
      if (/^content-type: text\/event-stream/im.test(head)) socket.destroy();
    });
    // A refusal may come before everything has been sent.
    let failure: Error | undefined;
    socket.on('error', (error) => (failure = error));
    socket.on('close', () => {
      if (came.includes(END_OF_HEAD)) resolve(answerIn(came));
      else reject(failure ?? new Error('closed without an answer'));
    });
    socket.write(bytes);
  });
}

/** The bytes of a request; closes the connection after it. */
export function bytesOf({ method, target, headers, body }: MadeRequest, token: string): Uint8Array {
  const isAuthorized = headers.some(([name]) => name === 'Authorization');
  const lines = [
    `${method} ${target} HTTP/1.1`,
    'Host: localhost',
    'Connection: close',
    ...(isAuthorized ? [] : [`Authorization: Bearer ${token}`]),
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined ? [] : [`Content-Length: ${body.length}`]),
  ];
  return Buffer.concat([
    Buffer.from(`${lines.join('\r\n')}${END_OF_HEAD}`, 'latin1'),
    body ?? Buffer.alloc(0),
  ]);
}
