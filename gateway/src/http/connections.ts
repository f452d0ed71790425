/** The connections of a server, and those of them that go on under what was trusted when they began. */
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { Socket } from 'node:net';

/** TLS and the connection that carries it are two sockets with the same addresses. */
const addressesOf = ({ remoteAddress, remotePort, localAddress, localPort }: Socket): string =>
  [remoteAddress, remotePort, localAddress, localPort].join(' ');

export class Connections {
  readonly #open = new Map<Socket, string>();
  /** By their addresses. */
  readonly #outdated = new Set<string>();
  readonly #answering = new WeakSet<Socket>();

  /** How many are open. */
  get size(): number {
    return this.#open.size;
  }

  /** Remembers the connections of a server, also those whose TLS has not been agreed on: HTTP doesn't know these. */
  watch(server: Server): void {
    server.on('connection', (socket: Socket) => {
      const addresses = addressesOf(socket);
      this.#open.set(socket, addresses);
      socket.once('close', () => {
        this.#open.delete(socket);
        this.#outdated.delete(addresses);
      });
    });
  }

  /** Ends those that are open, each once the request that is under way has been answered: none takes another. */
  outdate(): void {
    for (const addresses of this.#open.values()) this.#outdated.add(addresses);
  }

  /** Has requests answered, but for those that come on a connection that is to end. */
  answered(answer: RequestListener): RequestListener {
    return (request, response) => {
      const { socket } = request;
      if (this.#isOutdated(request)) {
        if (!this.#answering.has(socket)) socket.destroySoon();
        return;
      }
      this.#answering.add(socket);
      response.once('close', () => {
        this.#answering.delete(socket);
        if (this.#isOutdated(request)) socket.destroySoon();
      });
      answer(request, response);
    };
  }

  destroyAll(): void {
    for (const socket of this.#open.keys()) socket.destroy();
  }

  #isOutdated({ socket }: IncomingMessage): boolean {
    return this.#outdated.size > 0 && this.#outdated.has(addressesOf(socket));
  }
}
