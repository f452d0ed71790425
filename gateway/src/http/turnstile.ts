import type { RequestHandler, Response } from 'express';
import { ProblemError } from '../problem.js';

/**
 * Lets requests in, one after the other, and holds them while something behind the gateway is exchanged: they wait
 * instead of failing.
 */
export class Turnstile {
  #inside = 0;
  #whenEmpty: (() => void)[] = [];
  #work: Promise<unknown> | undefined;
  #closed = false;
  readonly #leaving = new WeakMap<Response, () => void>();

  /** Counts a request until its answer is complete or its client has gone. */
  readonly pass: RequestHandler = async (_request, response, next) => {
    while (this.#work) await this.#work;
    if (response.destroyed) return;
    if (this.#closed) {
      response.set('Connection', 'close');
      throw new ProblemError('shutting-down', { retryAfter: 1 });
    }
    this.#inside += 1;
    this.#leaving.set(response, () => {
      this.#inside -= 1;
      if (this.#inside === 0) for (const go of this.#whenEmpty.splice(0)) go();
    });
    response.once('close', () => this.leave(response));
    next();
  };

  /** Counts a request no more, whose answer goes on for as long as its client likes. */
  readonly leave = (response: Response): void => {
    this.#leaving.get(response)?.();
    this.#leaving.delete(response);
  };

  /** Lets nobody in any more: who comes over a connection that is still open is told to come again. */
  close(): void {
    this.#closed = true;
  }

  /**
   * Holds what comes from now on, waits until what is inside has been answered (each request has its own time limits),
   * does the work, and lets all in again, whether or not it succeeded.
   */
  async whileHeld<T>(work: () => Promise<T>): Promise<T> {
    while (this.#work) await this.#work;
    const done = this.#empty().then(work);
    const held = done.then(
      () => undefined,
      () => undefined,
    );
    this.#work = held.then(() => {
      this.#work = undefined;
    });
    return done;
  }

  #empty(): Promise<void> {
    return this.#inside === 0
      ? Promise.resolve()
      : new Promise((resolve) => {
          this.#whenEmpty.push(resolve);
        });
  }
}
