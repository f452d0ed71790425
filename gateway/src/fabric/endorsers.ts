/**
 * Who endorses a transaction.
 *
 * The peer's gateway could work it out, but enumerates combinations of organizations for every transaction, which
 * collapses at 18 members; naming the organizations skips all of it but has no fallback: one that is missing fails the
 * call. So the gateway picks a set that satisfies the policy, its own organization first, and sets aside for a while
 * those that failed.
 */
import type { FlatPolicy } from './channel-config.js';
import type { Channel } from './channel.js';
import type { Time } from './budget.js';

/** Which policy the endorsers have to satisfy. */
export type EndorsementNeed =
  /** The channel's own `Application/Endorsement`. */
  | { readonly policy: 'channel' }
  /** A ballot's key: the voter's organization and `f` of the others that were pinned when voting opened. */
  | { readonly policy: 'ballot'; readonly others: readonly string[]; readonly f: number }
  /**
   * Keys of the own organization, which its peer and `count` of the others must endorse, beside keys that the channel's
   * policy covers.
   */
  | { readonly policy: 'owned'; readonly others: readonly string[]; readonly count: number };

/** About as long as a peer takes to start again; to try it too early costs everybody else's endorsement. */
const FIRST_REST_MS = 5_000;
const LONGEST_REST_MS = 30_000;
/** Of those that rest longer than others from the first. */
const LONGEST_LONG_REST_MS = 60 * 60_000;
const NONE: ReadonlySet<string> = new Set();

interface SetAside {
  readonly since: number;
  readonly until: number;
}

/** Picks endorsers for one gateway. */
export class Endorsers {
  readonly #setAside = new Map<string, SetAside>();
  #turn = 0;

  /** @param own The gateway's own MSP id. */
  constructor(
    private readonly own: string,
    private readonly channel: Channel,
    private readonly time: Time,
  ) {}

  /**
   * MSP ids to name for a transaction; `undefined` to let the peer choose, if the policy isn't a flat one.
   * @param missed those that it could not reach before: they are named only if there are too few others.
   */
  async choose(need: EndorsementNeed, missed = NONE): Promise<string[] | undefined> {
    if (need.policy === 'ballot') {
      const others = need.others.filter((mspId) => mspId !== this.own);
      return [this.own, ...this.#pick(others, need.f, missed)];
    }
    const { endorsement } = await this.channel.config();
    if (!endorsement) return undefined;
    if (need.policy === 'owned') return this.#forOwned(need, endorsement, missed);
    const others = endorsement.mspIds.filter((mspId) => mspId !== this.own);
    const mayEndorse = endorsement.mspIds.includes(this.own);
    const first = mayEndorse && !missed.has(this.own) && !this.isResting(this.own) ? [this.own] : [];
    const picked = [...first, ...this.#pick(others, endorsement.threshold - first.length, missed)];
    // With the own organization resting and the others too few, it has to be tried all the same.
    if (mayEndorse && first.length === 0 && picked.length < endorsement.threshold) picked.unshift(this.own);
    return picked;
  }

  #forOwned(
    { others, count }: Extract<EndorsementNeed, { policy: 'owned' }>,
    { mspIds, threshold }: FlatPolicy,
    missed: ReadonlySet<string>,
  ): string[] {
    const pinned = this.#pick(
      others.filter((mspId) => mspId !== this.own && mspIds.includes(mspId)),
      count,
      missed,
    );
    const named = [this.own, ...pinned];
    const further = mspIds.filter((mspId) => !named.includes(mspId));
    return [...named, ...this.#pick(further, threshold - named.length, missed)];
  }

  /**
   * Passes over organizations that failed for a while, twice as long each time that they fail after their rest.
   * @param firstMs how long for the first time. Default: as long as a peer takes to start again
   */
  setAside(mspIds: Iterable<string>, firstMs = FIRST_REST_MS): void {
    const since = this.time.now();
    const longestMs = firstMs > LONGEST_REST_MS ? LONGEST_LONG_REST_MS : LONGEST_REST_MS;
    for (const mspId of mspIds) {
      const before = this.#setAside.get(mspId);
      const beforeMs = before ? before.until - before.since : 0;
      const isResting = this.isResting(mspId);
      if (isResting && beforeMs >= firstMs) continue;
      const restMs = isResting ? firstMs : Math.max(firstMs, Math.min(beforeMs * 2, longestMs));
      this.#setAside.set(mspId, { since, until: since + restMs });
    }
  }

  /**
   * Forgets earlier failures of organizations that have endorsed.
   * @param asked when they were asked to: what failed since then, maybe another transaction, is not forgotten.
   */
  succeeded(mspIds: Iterable<string>, asked: number): void {
    if (this.#setAside.size === 0) return;
    for (const mspId of mspIds)
      if ((this.#setAside.get(mspId)?.since ?? 0) <= asked) this.#setAside.delete(mspId);
  }

  /** Whether it is set aside now. */
  isResting(mspId: string): boolean {
    return (this.#setAside.get(mspId)?.until ?? 0) > this.time.now();
  }

  /**
   * `count` of the candidates in turn; those set aside only if there are too few others, the longest rested first, and
   * those that this transaction missed itself last of all.
   */
  #pick(candidates: readonly string[], count: number, missed: ReadonlySet<string>): string[] {
    if (count <= 0 || candidates.length === 0) return [];
    this.#turn = (this.#turn + 1) % Number.MAX_SAFE_INTEGER;
    const start = this.#turn % candidates.length;
    const inTurn = [...candidates.slice(start), ...candidates.slice(0, start)];
    const rested = inTurn.filter((mspId) => !missed.has(mspId) && !this.isResting(mspId));
    const others = inTurn
      .filter((mspId) => !rested.includes(mspId))
      .sort((a, b) => (this.#setAside.get(a)?.until ?? 0) - (this.#setAside.get(b)?.until ?? 0));
    const resting = others.filter((mspId) => !missed.has(mspId));
    return [...rested, ...resting, ...others.filter((mspId) => missed.has(mspId))].slice(0, count);
  }
}
