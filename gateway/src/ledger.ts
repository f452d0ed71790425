/** The cooperative's ledger as routes and triggers meet it: named transactions in, JSON or a problem out. */
import type { EvaluateName, Resolution, Role, SubmitName } from 'umlauf-chaincode/api';
import type { FabricClient } from './fabric/client.js';
import type { EndorsementNeed } from './fabric/endorsers.js';
import { evaluateProblem } from './fabric/evaluate-failure.js';
import type { Committed, Submitter } from './fabric/submitter.js';

/** Reading and writing for one organization. Inputs are validated by the caller. */
export interface Ledger {
  /** JSON as the contract answered it. */
  evaluate(transaction: EvaluateName, input: unknown, role: Role | undefined): Promise<Uint8Array>;
  submit(transaction: SubmitName, input: unknown, role: Role): Promise<Committed>;
}

/** Reads the result of a transaction. */
export function parsed(bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(bytes).toString('utf8'));
}

/** Resolutions whose pinned endorsers are remembered, at most. */
const REMEMBERED_OPENINGS = 5_000;

/** {@link Ledger} over Fabric. */
export class FabricLedger implements Ledger {
  readonly #openings = new Map<string, EndorsementNeed>();

  /** @param onCommitted Told the block of each commit. */
  constructor(
    private readonly client: FabricClient,
    private readonly submitter: Submitter,
    private readonly onCommitted: (block: bigint) => void = () => undefined,
  ) {}

  async evaluate(transaction: EvaluateName, input: unknown, role: Role | undefined): Promise<Uint8Array> {
    try {
      return await this.client.evaluate({ transaction, arguments: [JSON.stringify(input)], role });
    } catch (error) {
      throw evaluateProblem(error, this.client.mspId);
    }
  }

  async submit(transaction: SubmitName, input: unknown, role: Role): Promise<Committed> {
    const need: EndorsementNeed =
      transaction === 'resolutions:vote'
        ? await this.#ballotNeed((input as { id: string }).id, role)
        : { policy: 'channel' };
    const committed = await this.submitter.submit({ transaction, input: JSON.stringify(input), role, need });
    this.onCommitted(committed.blockNumber);
    return committed;
  }

  /** Who has to endorse a ballot was pinned when voting opened and never changes, so it is read once. */
  async #ballotNeed(resolutionId: string, role: Role): Promise<EndorsementNeed> {
    const remembered = this.#openings.get(resolutionId);
    if (remembered) return remembered;
    const bytes = await this.evaluate('resolutions:get', { id: resolutionId }, role);
    const { opening } = parsed(bytes) as Resolution;
    // Not open: the contract refuses, whoever endorses.
    if (!opening) return { policy: 'channel' };
    const need: EndorsementNeed = { policy: 'ballot', others: opening.endorsers, f: opening.f };
    this.#openings.set(resolutionId, need);
    if (this.#openings.size > REMEMBERED_OPENINGS) {
      const oldest = this.#openings.keys().next();
      if (!oldest.done) this.#openings.delete(oldest.value);
    }
    return need;
  }
}
