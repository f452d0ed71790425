/**
 * An answer that goes on for as long as its client likes, over the bare connection: Node's request, answer and parser of
 * HTTP, and what Express adds to them, cost several times what the connection does.
 */
import type { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Response } from 'express';
import type { Line } from '../events/line.js';
import { endsWith } from './ending.js';

const LAST_CHUNK = '0\r\n\r\n';
/** A piece of nothing; one without memory would be to the parser the end of the connection. */
const NOTHING = Buffer.from(' ').subarray(1);

const chunks = new WeakMap<Uint8Array, Buffer>();

/** As a chunk (RFC 9112, 7.1); of bytes that many are sent it is made once. */
function chunkOf(part: Uint8Array | string): Uint8Array | string {
  if (typeof part === 'string') return `${Buffer.byteLength(part).toString(16)}\r\n${part}\r\n`;
  const made =
    chunks.get(part) ??
    Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')]);
  chunks.set(part, made);
  return made;
}

class BareLine implements Line {
  constructor(
    private readonly socket: Socket,
    private readonly chunked: boolean,
  ) {}

  get destroyed(): boolean {
    return this.socket.destroyed;
  }

  write(part: Uint8Array | string): boolean {
    return this.socket.write(this.chunked ? chunkOf(part) : part);
  }

  end(): void {
    if (this.chunked) this.socket.write(LAST_CHUNK);
    this.socket.destroySoon();
  }

  destroy(): void {
    this.socket.destroy();
  }

  on(event: 'drain' | 'close', listener: () => void): void {
    this.socket.on(event, listener);
  }
}

function hangUp(this: Socket): void {
  this.destroy();
}
const ignore = (): void => undefined;

/**
 * Has Node let go of a connection that no other answer waits for. It does so by itself when a request turns out to be an
 * upgrade to another protocol, and looks for that after each piece that it reads.
 * @returns whether it has: it doesn't while it reads the request, nor while it is busy with what its client sent beyond it.
 */
function released(socket: Socket, request: IncomingMessage): boolean {
  if (!request.complete || socket.destroyed || socket.isPaused()) return false;
  const { server } = socket as Socket & { readonly server: EventEmitter };
  Object.assign(request, { upgrade: true });
  // Later versions of Node close a connection that nobody takes. Listening for longer would take real upgrades too.
  server.on('upgrade', ignore);
  socket.emit('data', NOTHING);
  server.off('upgrade', ignore);
  return socket.listenerCount('data') === 0;
}

/**
 * Sends the head of an answer and takes its connection, which is closed after it. From then on request and answer have none
 * and tell nobody of anything; a client that writes, closes its side or takes nothing for too long is hung up on.
 * @returns the answer itself where Node doesn't let go of the connection.
 */
export function lineOf(request: IncomingMessage, response: Response): Line {
  response.set('Connection', 'close').flushHeaders();
  const { socket } = response;
  if (!socket || !released(socket, request)) return response;
  response.detachSocket(socket);
  endsWith(response, socket);
  socket.on('error', ignore).on('data', hangUp).on('end', hangUp).on('timeout', hangUp);
  return new BareLine(socket, response.chunkedEncoding);
}
