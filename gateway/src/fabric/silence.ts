/**
 * Who is behind an endorsement that doesn't come.
 *
 * A peer's gateway waits for each endorser, and passes on in gRPC trailers what its chaincode fails with: one that is
 * silent, or fails with more than a client can receive, leaves the whole call without an answer that would name it
 * (see {@link ./connection.ts}). So each of those asked is asked alone.
 */
import type { Call, FabricClient } from './client.js';
import type { Endorsers } from './endorsers.js';
import { isDeadlineExceeded } from './failure.js';

/** For what takes some milliseconds; an endorser that is merely slow costs no more than others in its place. */
const ANSWER_MS = 3_000;

/** Each time that it is tried again may cost whatever is endorsed then a whole deadline. */
const REST_MS = 5 * 60_000;

/** Finds endorsers that don't answer, and sets them aside. */
export class Silence {
  #last: Promise<unknown> = Promise.resolve();

  /** @param onFound Told of those that are set aside. */
  constructor(
    private readonly client: Pick<FabricClient, 'mspId' | 'evaluate'>,
    private readonly endorsers: Pick<Endorsers, 'isResting' | 'setAside'>,
    private readonly onFound?: (mspIds: readonly string[]) => void,
  ) {}

  /**
   * One search at a time: calls that got stuck together mostly have the same to blame.
   * @param named Those that an endorsement was asked of which didn't come in time.
   * @param call What they were asked for: evaluated, it runs the same code.
   * @returns those of them that are set aside now. None if it is the own peer that answers nobody, or if all answer.
   */
  among(named: readonly string[], call: Call): Promise<string[]> {
    const found = this.#last.then(() => this.#find(named, call));
    this.#last = found;
    return found;
  }

  async #find(named: readonly string[], call: Call): Promise<string[]> {
    const { client, endorsers } = this;
    const known = named.filter((mspId) => endorsers.isResting(mspId));
    if (known.length > 0) return known;
    const silent = await Promise.all(
      named.map((mspId) =>
        client.evaluate(call, { mspId, deadlineMs: ANSWER_MS }).then(
          () => [],
          (error: unknown) => (isDeadlineExceeded(error) ? [mspId] : []),
        ),
      ),
    );
    const mspIds = silent.flat();
    if (mspIds.length === 0 || mspIds.includes(client.mspId)) return [];
    endorsers.setAside(mspIds, REST_MS);
    this.onFound?.(mspIds);
    return mspIds;
  }
}
