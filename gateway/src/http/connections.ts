/** The connections of a server, and those of them that go on under what was trusted when they began. */
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** TLS and the connection that carries it are two sockets with the same addresses. */
const addressesOf = ({ remoteAddress, remotePort, localAddress, localPort }: Socket): string =>
  [remoteAddress, remotePort, localAddress, localPort].join(' ');

export class Connections {
  readonly #open = new Map<Socket, string>();
  /** By their addresses. */
  readonly #outdated = new Set<string>();
  /** The answers under way, in the order of their requests: a client may send the next before it has an answer. */
  readonly #answers = new Map<Socket, Set<ServerResponse>>();

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

  /** Ends those that are open, each once the requests that are under way have been answered: none takes another. */
  outdate(): void {
    for (const addresses of this.#open.values()) this.#outdated.add(addresses);
    for (const answers of this.#answers.values()) {
      const last = [...answers].at(-1);
      if (last && !last.headersSent) last.shouldKeepAlive = false; // which tells its client
    }
  }

  /** Has requests answered, but for those that come on a connection that is to end. */
  answered(answer: RequestListener): RequestListener {
    return (request, response) => {
      const { socket } = request;
      const answers = this.#answersOn(socket);
      if (this.#isOutdated(request)) {
        if (answers.size === 0) socket.destroySoon();
        return;
      }
      answers.add(response);
      response.once('close', () => {
        answers.delete(response);
        if (answers.size === 0 && this.#isOutdated(request)) socket.destroySoon();
      });
      answer(request, response);
    };
  }

  destroyAll(): void {
    for (const socket of this.#open.keys()) socket.destroy();
  }

  #answersOn(socket: Socket): Set<ServerResponse> {
    const known = this.#answers.get(socket);
    if (known) return known;
    const answers = new Set<ServerResponse>();
    this.#answers.set(socket, answers);
    socket.once('close', () => this.#answers.delete(socket));
    return answers;
  }

  #isOutdated({ socket }: IncomingMessage): boolean {
    return this.#outdated.size > 0 && this.#outdated.has(addressesOf(socket));
  }
}
