/** All open streams: how many there may be, and one clock for all of them. */
import { systemTime } from '../fabric/budget.js';
import { ProblemError } from '../problem.js';
import type { EventFeed } from './feed.js';
import { matcher, type EventFilter } from './filter.js';
import type { Line } from './line.js';
import type { Position } from './position.js';
import { EventReader } from './reader.js';
import { EventStream, type StreamLimits } from './stream.js';

const LONGEST_TICK_MS = 1_000;
const RETRY_AFTER_SECONDS = 30;

/** What a stream is opened with. */
export interface Opening {
  readonly filter: EventFilter;
  /** Absent: with what has not happened yet. */
  readonly start: Position | undefined;
  /** When its caller's token expires, in Unix milliseconds. */
  readonly expiresAtMs: number | undefined;
}

export class EventStreams {
  readonly #open = new Set<EventStream>();
  #ticking: NodeJS.Timeout | undefined;
  /** Requests whose callers were judged after streams had been ended last. */
  #judged = new WeakSet();

  /** @param most Streams open at a time. */
  constructor(
    private readonly feed: EventFeed,
    private readonly most: number,
    private readonly limits: StreamLimits,
  ) {}

  /** Streams that are open. */
  get size(): number {
    return this.#open.size;
  }

  /** From here on it is judged who makes the request. */
  judging(request: object): void {
    this.#judged.add(request);
  }

  /** Whether its caller is still one, as far as that is known: no stream was ended since it was judged. */
  isJudged(request: object): boolean {
    return this.#judged.has(request);
  }

  /** @throws {ProblemError} `too-many-streams` */
  admit(): void {
    if (this.#open.size >= this.most)
      throw new ProblemError('too-many-streams', { limit: this.most, retryAfter: RETRY_AFTER_SECONDS });
  }

  /**
   * Sends events from now on until the client has gone or the stream is ended. Nobody waits for that: what answered the
   * request would be kept for as long as the stream is open.
   * @param line On which the head of the answer has been sent.
   */
  send(line: Line, { filter, start, expiresAtMs }: Opening): void {
    const { feed } = this;
    const reader = new EventReader({ feed, start, matches: matcher(filter), time: systemTime });
    const stream = new EventStream(line, reader, expiresAtMs, Date.now());
    this.#open.add(stream);
    this.#ticking ??= setInterval(
      () => {
        const now = Date.now();
        for (const each of this.#open) each.tick(now, this.limits);
      },
      Math.min(this.limits.heartbeatMs, LONGEST_TICK_MS),
    );
    const left = (): void => {
      reader.close();
      this.#open.delete(stream);
      if (this.#open.size > 0) return;
      clearInterval(this.#ticking);
      this.#ticking = undefined;
    };
    // What fails here, its client makes good with another stream.
    stream.run().then(left, () => {
      left();
      line.destroy();
    });
  }

  /** Ends all that are open, and lets none begin that was judged before. Their clients come again, and are judged anew. */
  end(): void {
    this.#judged = new WeakSet();
    for (const stream of this.#open) stream.end();
  }
}
