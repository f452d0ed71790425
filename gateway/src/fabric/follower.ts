/** Following a stream of the own peer for as long as the gateway runs, across every break of the connection. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Stream } from './client.js';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/** What is followed and what is done with it. */
export interface Following<T> {
  /** For the log. */
  readonly name: string;
  /** Opens the stream where the last one broke off; what was handled already may come again. */
  open(): Promise<Stream<T>>;
  handle(item: T): void;
  /** Told of each break. */
  broken?(): void;
}

/** Follows one stream until it is stopped. */
export class Follower<T> {
  readonly #stopping = new AbortController();
  #stream: Stream<T> | undefined;
  #running: Promise<void> | undefined;

  constructor(
    private readonly following: Following<T>,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.#running ??= this.#run();
  }

  /** Ends the stream; resolves when nothing of it runs any more. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#stream?.close();
    await this.#running;
  }

  #isStopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  async #run(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while (!this.#isStopped()) {
      try {
        this.#stream = await this.following.open();
        // Stopped while opening: stop() couldn't close this stream.
        if (this.#isStopped()) this.#stream.close();
        for await (const item of this.#stream) {
          pauseMs = FIRST_PAUSE_MS;
          this.following.handle(item);
        }
      } catch (error) {
        if (!this.#isStopped())
          this.logger.debug({ err: error, stream: this.following.name }, 'stream broke off');
      }
      this.#stream = undefined;
      if (this.#isStopped()) return;
      this.following.broken?.();
      await this.#rest(pauseMs);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
  }

  async #rest(milliseconds: number): Promise<void> {
    try {
      await pause(milliseconds, undefined, { signal: this.#stopping.signal, ref: false });
    } catch {
      // Stopped.
    }
  }
}
