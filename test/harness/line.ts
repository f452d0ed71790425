/** A line to a port on this machine, at an address of its own, which can be cut and mended. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export class Line {
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #at = 0;
  #isDead = false;

  private constructor(private readonly port: number) {}

  static async to(port: number): Promise<Line> {
    const line = new Line(port);
    await line.mend();
    return line;
  }

  /** `host:port`, the same each time that it is mended. */
  get endpoint(): string {
    return `localhost:${this.#at}`;
  }

  /** Whoever talks over it notices at once, and whoever comes is refused. */
  async cut(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  /** Nothing goes through any more, and nobody is told. */
  die(): void {
    this.#isDead = true;
    for (const socket of this.#sockets) socket.pause();
  }

  /** What goes through it already goes on. */
  async mend(): Promise<void> {
    if (this.#server && !this.#isDead) return;
    await this.cut();
    this.#isDead = false;
    const server = createServer((here) => this.#through(here)).listen(this.#at, 'localhost');
    this.#server = server;
    await once(server, 'listening');
    this.#at = (server.address() as AddressInfo).port;
  }

  #through(here: Socket): void {
    this.#keep(here);
    if (this.#isDead) return;
    const there = connect(this.port, 'localhost');
    this.#keep(there);
    here.pipe(there).pipe(here);
    here.once('close', () => there.destroy());
    there.once('close', () => here.destroy());
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => this.#sockets.delete(socket));
  }
}
