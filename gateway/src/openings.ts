/**
 * Who has to endorse a ballot: pinned when voting opened, never changed after, so it is learnt once for each resolution.
 *
 * It is learnt when voting opens, from the fact of the opening or by a read, so that no vote has to wait for it.
 */
import { MspId, type Fact } from 'umlauf-chaincode/api';
import { z } from 'zod';
import type { EndorsementNeed } from './fabric/endorsers.js';

const Pinned = z.object({ endorsers: z.array(MspId), f: z.int().min(1) });

/** Resolutions remembered, at most. */
const REMEMBERED = 5_000;

/** What this gateway knows of openings. */
export class Openings {
  readonly #needs = new Map<string, Promise<EndorsementNeed>>();

  /** @param read Reads what a resolution's opening pinned; `undefined` if it isn't open. */
  constructor(private readonly read: (resolutionId: string) => Promise<unknown>) {}

  /** Takes note of a fact. */
  see({ type, id, data }: Fact): void {
    if (type !== 'resolution.opened') return;
    const told = pinned(data);
    if (told) this.#remember(id, Promise.resolve(told));
    // Should it fail, the vote reads it.
    else this.need(id).catch(() => undefined);
  }

  /**
   * Who has to endorse a ballot of a resolution.
   * @throws what reading throws.
   */
  need(resolutionId: string): Promise<EndorsementNeed> {
    return this.#needs.get(resolutionId) ?? this.#learn(resolutionId);
  }

  async #learn(resolutionId: string): Promise<EndorsementNeed> {
    const learning = this.read(resolutionId).then((opening): EndorsementNeed => {
      const need = pinned(opening);
      // Not open (yet): the contract refuses, whoever endorses.
      if (!need) this.#needs.delete(resolutionId);
      return need ?? { policy: 'channel' };
    });
    this.#remember(resolutionId, learning);
    learning.catch(() => this.#needs.delete(resolutionId));
    return learning;
  }

  #remember(resolutionId: string, need: Promise<EndorsementNeed>): void {
    this.#needs.set(resolutionId, need);
    if (this.#needs.size <= REMEMBERED) return;
    const oldest = this.#needs.keys().next();
    if (!oldest.done) this.#needs.delete(oldest.value);
  }
}

function pinned(opening: unknown): EndorsementNeed | undefined {
  const { success, data } = Pinned.safeParse(opening);
  return success ? { policy: 'ballot', others: data.endorsers, f: data.f } : undefined;
}
