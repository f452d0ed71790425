/** The public keys of an issuer that is asked for them over HTTP. */
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import type { Time } from '../fabric/budget.js';
import { ProblemError } from '../problem.js';

/** What keys are fetched with. */
export interface IssuerKeysParts {
  /** Fetches them now. */
  readonly fetchKeys: () => Promise<JSONWebKeySet>;
  /** How long they stand when the issuer can't be reached. */
  readonly keepMs: number;
  readonly time: Pick<Time, 'now'>;
  /** Told when they couldn't be fetched. */
  readonly onFailure: (error: unknown) => void;
}

/** From then on they are fetched anew, beside the requests that go on with the old ones. */
const FRESH_MS = 600_000;
/** The least time between two fetches: nobody can have the issuer asked more often by tokens with keys of their own naming. */
const COOLDOWN_MS = 30_000;

type Select = ReturnType<typeof createLocalJWKSet>;

/**
 * Fetched when first needed, kept, fetched anew when they are old or a token names one that isn't among them.
 *
 * While the issuer can't be reached, tokens with a known key go on being judged; the others can't be, which is the
 * issuer's fault and not the caller's: `issuer-unavailable`.
 */
export class IssuerKeys {
  #held: { readonly select: Select; readonly atMs: number } | undefined;
  #fetching: Promise<void> | undefined;
  #triedAtMs = -Infinity;
  #failed = false;

  constructor(private readonly parts: IssuerKeysParts) {}

  /** Whether they could be fetched when that was tried last; true before. */
  get available(): boolean {
    return !this.#failed;
  }

  /**
   * The key that a token names.
   * @throws {errors.JWKSNoMatchingKey} if the issuer has none like it.
   * @throws {ProblemError} `issuer-unavailable` if that can't be told.
   */
  readonly keyFor: JWTVerifyGetKey = async (header, token) => {
    const select = await this.#current();
    try {
      return await select(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await this.#fetchUnlessJustTried();
      // What the last try couldn't fetch may hold the key.
      if (this.#failed || !this.#held) throw this.#unavailable();
      return this.#held.select(header, token);
    }
  };

  async #current(): Promise<Select> {
    const age = this.#held ? this.parts.time.now() - this.#held.atMs : Infinity;
    if (age > FRESH_MS) {
      const fetched = this.#fetchUnlessJustTried();
      if (age > this.parts.keepMs) await fetched;
    }
    const held = this.#held;
    if (!held || this.parts.time.now() - held.atMs > this.parts.keepMs) throw this.#unavailable();
    return held.select;
  }

  /** Never rejects. */
  #fetchUnlessJustTried(): Promise<void> {
    if (this.#fetching) return this.#fetching;
    if (this.parts.time.now() - this.#triedAtMs < COOLDOWN_MS) return Promise.resolve();
    this.#triedAtMs = this.parts.time.now();
    this.#fetching = this.#fetch().finally(() => (this.#fetching = undefined));
    return this.#fetching;
  }

  async #fetch(): Promise<void> {
    try {
      const select = createLocalJWKSet(await this.parts.fetchKeys());
      this.#held = { select, atMs: this.parts.time.now() };
      this.#failed = false;
    } catch (error) {
      this.#failed = true;
      this.parts.onFailure(error);
    }
  }

  #unavailable(): ProblemError {
    const waitMs = this.#triedAtMs + COOLDOWN_MS - this.parts.time.now();
    return new ProblemError('issuer-unavailable', { retryAfter: Math.max(1, Math.ceil(waitMs / 1_000)) });
  }
}
