/** How many calls of one service a peer takes at a time (Fabric: `peer.limits.concurrency`). */
export class Limiter {
  readonly #service: string;
  readonly #limit: number;
  #running = 0;

  constructor(service: string, limit: number) {
    this.#service = service;
    this.#limit = limit;
  }

  /**
   * Runs a call.
   * @throws Error with Fabric's wording if there are too many already
   */
  async run<T>(call: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#limit) {
      throw new Error(`too many requests for ${this.#service}, exceeding concurrency limit (${this.#limit})`);
    }
    this.#running += 1;
    try {
      return await call();
    } finally {
      this.#running -= 1;
    }
  }
}
