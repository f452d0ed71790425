/** Who makes a request, by everything that proves it; and how often proving may fail. */
import { MemoryStore, ipKeyGenerator } from 'express-rate-limit';
import { ProblemError } from '../problem.js';
import type { Caller } from './caller.js';
import type { TokenVerifier, VerifiedToken } from './tokens.js';

/** What a request brings to prove who makes it. */
export interface Evidence {
  /** Its header of that name. */
  readonly authorization: string | undefined;
  /** Address that it comes from. */
  readonly address: string;
}

/** Requests of nobody known, counted for each address; of IPv6 for each network of 56 bits, which one household has. */
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
    const { totalHits } = await this.#store.increment(ipKeyGenerator(address, 56));
    if (totalHits > this.perMinute) throw tooMany();
  }

  /**
   * Looks whether there were too many already.
   * @throws {ProblemError} `too-many-requests`.
   */
  async check(address: string): Promise<void> {
    const counted = await this.#store.get(ipKeyGenerator(address, 56));
    if ((counted?.totalHits ?? 0) >= this.perMinute) throw tooMany();
  }

  /** Forgets everything. */
  stop(): void {
    this.#store.shutdown();
  }
}

const WINDOW_MS = 60_000;
const tooMany = (): ProblemError => new ProblemError('too-many-requests', { retryAfter: WINDOW_MS / 1_000 });

/** Finds out who calls. */
export class Authentication {
  constructor(
    private readonly tokens: TokenVerifier,
    private readonly strangers: StrangersLimit,
  ) {}

  /**
   * Whoever was verified a while ago is known without further ado, also while others at the same address fail too often.
   * @throws {ProblemError} `unauthenticated`, `issuer-unavailable`, `too-many-requests`.
   */
  async caller({ authorization, address }: Evidence): Promise<Caller> {
    const known = this.tokens.known(authorization);
    if (known) return presented(known);
    await this.strangers.check(address);
    try {
      return presented(await this.tokens.verify(authorization));
    } catch (error) {
      await this.strangers.count(address);
      throw error;
    }
  }
}

/** A token that is bound to a certificate is worth nothing over a connection without it (RFC 8705, 3). */
function presented(token: VerifiedToken): Caller {
  if (token.x5tS256 !== undefined)
    throw new ProblemError('unauthenticated', {
      reason: 'bound to a certificate that the connection does not have',
    });
  return token;
}
