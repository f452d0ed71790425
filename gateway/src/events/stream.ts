/**
 * One stream of server-sent events. It has no queue: it reads the feed as fast as its client takes it, so that a client
 * that doesn't read costs one socket's buffer, and is cut off in the end. It goes on with `Last-Event-ID`.
 */
import type { Line } from './line.js';
import { idBefore } from './position.js';
import type { EventReader } from './reader.js';

/** Milliseconds after which a client that lost its stream tries again. */
const RETRY_MS = 3_000;

/** Limits of a stream. */
export interface StreamLimits {
  /** Milliseconds between comments while nothing happens, by which both sides notice that the other has gone. */
  readonly heartbeatMs: number;
  /** Milliseconds that a client may leave what it was sent unread. */
  readonly stallMs: number;
}

export class EventStream {
  #heardMs: number;
  #stalledMs: number | undefined;
  #drained: (() => void) | undefined;

  constructor(
    private readonly line: Line,
    private readonly reader: EventReader,
    private readonly expiresAtMs: number | undefined,
    now: number,
  ) {
    this.#heardMs = now;
    line.on('drain', () => this.#drained?.());
    line.on('close', () => {
      reader.close();
      this.#drained?.();
    });
  }

  /** Sends until the client has gone or it is ended; then the answer is complete. */
  async run(): Promise<void> {
    await this.#send(`retry: ${RETRY_MS}\n${this.#mark()}\n`);
    for (let batch = await this.reader.next(); batch; batch = await this.reader.next())
      for (const { frame } of batch.events) {
        if (this.line.destroyed) return;
        await this.#send(frame);
      }
    if (!this.line.destroyed) this.line.end();
  }

  /** Looks after it; to be called every second or so. */
  tick(now: number, { heartbeatMs, stallMs }: StreamLimits): void {
    if (this.#stalledMs !== undefined) {
      if (now - this.#stalledMs >= stallMs) this.line.destroy();
    } else if (this.expiresAtMs !== undefined && now >= this.expiresAtMs) this.end();
    else if (now - this.#heardMs >= heartbeatMs) {
      this.#heardMs = now;
      // Where a filter lets nothing through, a client that comes back needn't begin where it once began.
      this.line.write(`:\n${this.#mark()}\n`);
    }
  }

  /** What it was sent is its client's; it gets nothing more. */
  end(): void {
    this.reader.close();
    if (this.#stalledMs !== undefined) this.line.destroy();
  }

  #mark(): string {
    const { place } = this.reader;
    const id = place && idBefore(place);
    return id === undefined ? '' : `id: ${id}\n`;
  }

  async #send(text: string | Uint8Array): Promise<void> {
    this.#heardMs = Date.now();
    if (this.line.write(text) || this.line.destroyed) return;
    this.#stalledMs = this.#heardMs;
    await new Promise<void>((resolve) => (this.#drained = resolve));
    this.#drained = undefined;
    this.#stalledMs = undefined;
  }
}
