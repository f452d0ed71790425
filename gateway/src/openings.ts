/**
 * Who has to endorse a ballot: pinned when voting opened, never changed after, so it is learnt once for each resolution.
 *
 * The fact of the opening tells it, so that no vote has to wait for a read; a gateway that wasn't there then reads it.
 */
import { z } from 'zod';
import { MspId } from 'umlauf-chaincode/api';
import type { EndorsementNeed } from './fabric/endorsers.js';
import type { ReportedFact } from './fabric/facts.js';

const Pinned = z.object({ endorsers: z.array(MspId), f: z.int().min(1) });

/** Resolutions remembered, at most. */
const REMEMBERED = 5_000;

/** What this gateway knows of openings. */
export class Openings {
  readonly #needs = new Map<string, EndorsementNeed>();

  /** Takes note of a fact. */
  see({ type, id, data }: ReportedFact): void {
    if (type === 'resolution.opened') this.#remember(id, data);
  }

  /**
   * Who has to endorse a ballot of a resolution.
   * @param read Reads the opening, if there is one.
   */
  async need(resolutionId: string, read: () => Promise<unknown>): Promise<EndorsementNeed> {
    // Not open: the contract refuses, whoever endorses.
    return (
      this.#needs.get(resolutionId) ?? this.#remember(resolutionId, await read()) ?? { policy: 'channel' }
    );
  }

  #remember(resolutionId: string, opening: unknown): EndorsementNeed | undefined {
    const { success, data } = Pinned.safeParse(opening);
    if (!success) return undefined;
    const need: EndorsementNeed = { policy: 'ballot', others: data.endorsers, f: data.f };
    this.#needs.set(resolutionId, need);
    if (this.#needs.size > REMEMBERED) {
      const oldest = this.#needs.keys().next();
      if (!oldest.done) this.#needs.delete(oldest.value);
    }
    return need;
  }
}
