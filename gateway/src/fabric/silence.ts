/**
 * Who is behind an endorsement that doesn't come.
 *
 * A peer's gateway waits for each endorser, and passes on in gRPC trailers what its chaincode fails with: one that is
 * silent, or fails with more than a client can receive, leaves the whole call without an answer that would name it
 * (see {@link ./connection.ts}). So each of those asked is asked alone, and the own peer, without which none is reached.
 */
import type { Time } from './budget.js';
import type { Call, FabricClient } from './client.js';
import type { Endorsers } from './endorsers.js';
import { isDeadlineExceeded } from './failure.js';

/** For what takes some milliseconds; an endorser that is merely slow is named again only where there are too few others. */
const ANSWER_MS = 3_000;

/** Whatever names one that is tried again too early waits for a whole deadline. */
const REST_MS = 5 * 60_000;

/** Endorsers that were asked and didn't answer. */
export interface Silent {
  readonly mspIds: readonly string[];
  /** Whether that is known only now: who was named all the same can't be done without. */
  readonly isNews: boolean;
}

const NOBODY: Silent = { mspIds: [], isNews: false };

interface Search {
  /** Those to be asked alone. */
  readonly named: Set<string>;
  readonly found: Promise<ReadonlySet<string>>;
}

/** Finds endorsers that don't answer, and sets them aside. */
export class Silence {
  /** When each was found to be silent. */
  readonly #found = new Map<string, number>();
  /** By transaction: the search that is to begin as soon as the one before has ended. */
  readonly #next = new Map<string, Search>();
  readonly #last = new Map<string, Promise<unknown>>();

  /** @param onFound Told of those that are set aside. */
  constructor(
    private readonly client: Pick<FabricClient, 'mspId' | 'evaluate'>,
    private readonly endorsers: Pick<Endorsers, 'isResting' | 'setAside'>,
    private readonly time: Pick<Time, 'now'>,
    private readonly onFound?: (mspIds: readonly string[]) => void,
  ) {}

  /**
   * Calls that got stuck at the same time share a search; only one for each transaction is under way.
   * @param named Those that an endorsement was asked of which didn't come in time.
   * @param call What they were asked for: evaluated, it runs the same code.
   * @param since When they were asked.
   * @returns those of them that keep silent. None if it is the own peer that answers nobody, or if all answer.
   */
  async among(named: readonly string[], call: Call, since: number): Promise<Silent> {
    const known = this.#known(named);
    const mspIds = known.length > 0 ? known : await this.#search(named, call);
    if (mspIds.length === 0) return NOBODY;
    return { mspIds, isNews: mspIds.some((mspId) => (this.#found.get(mspId) ?? since) >= since) };
  }

  #known(named: readonly string[]): string[] {
    const since = this.time.now() - REST_MS;
    return named.filter(
      (mspId) => (this.#found.get(mspId) ?? -Infinity) > since && this.endorsers.isResting(mspId),
    );
  }

  async #search(named: readonly string[], call: Call): Promise<string[]> {
    const { transaction } = call;
    const search = this.#next.get(transaction) ?? this.#begin(call);
    for (const mspId of named) search.named.add(mspId);
    const found = await search.found;
    return named.filter((mspId) => found.has(mspId));
  }

  #begin(call: Call): Search {
    const { transaction } = call;
    const named = new Set<string>();
    const found = (this.#last.get(transaction) ?? Promise.resolve()).then(async () => {
      this.#next.delete(transaction); // whoever comes from now on may name others
      const known = this.#known([...named]);
      return new Set(known.length > 0 ? known : await this.#ask(named, call));
    });
    const search = { named, found };
    this.#next.set(transaction, search);
    this.#last.set(
      transaction,
      found.catch(() => undefined),
    );
    return search;
  }

  async #ask(named: ReadonlySet<string>, call: Call): Promise<string[]> {
    const { client, endorsers, time } = this;
    const silent = await Promise.all(
      [...new Set([client.mspId, ...named])].map((mspId) =>
        client.evaluate(call, { mspId, deadlineMs: ANSWER_MS, aside: true }).then(
          () => [],
          (error: unknown) => (isDeadlineExceeded(error) ? [mspId] : []),
        ),
      ),
    );
    const mspIds = silent.flat();
    if (mspIds.length === 0 || mspIds.includes(client.mspId)) return [];
    endorsers.setAside(mspIds, REST_MS);
    for (const mspId of mspIds) this.#found.set(mspId, time.now());
    this.onFound?.(mspIds);
    return mspIds;
  }
}
