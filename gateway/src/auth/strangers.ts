/** How often requests of nobody known are answered. */
import { MemoryStore, ipKeyGenerator } from 'express-rate-limit';
import { ProblemError } from '../problem.js';

const WINDOW_MS = 60_000;
/** One household's or office's network of IPv6 has 56 bits or fewer; a single address means nothing there. */
const IPV6_BITS = 56;

const tooMany = (): ProblemError => new ProblemError('too-many-requests', { retryAfter: WINDOW_MS / 1_000 });

/** Counts them for each address. */
export class StrangersLimit {
  readonly #store = new MemoryStore();

  constructor(private readonly perMinute: number) {
    this.#store.init({ windowMs: WINDOW_MS } as Parameters<MemoryStore['init']>[0]);
  }

  /**
   * Counts one.
   * @throws {ProblemError} `too-many-requests`.
   */
  async count(address: string): Promise<void> {
    const { totalHits } = await this.#store.increment(ipKeyGenerator(address, IPV6_BITS));
    if (totalHits > this.perMinute) throw tooMany();
  }

  /**
   * Looks whether there were too many already.
   * @throws {ProblemError} `too-many-requests`.
   */
  async check(address: string): Promise<void> {
    const counted = await this.#store.get(ipKeyGenerator(address, IPV6_BITS));
    if ((counted?.totalHits ?? 0) >= this.perMinute) throw tooMany();
  }

  /** Forgets everything. */
  stop(): void {
    this.#store.shutdown();
  }
}
