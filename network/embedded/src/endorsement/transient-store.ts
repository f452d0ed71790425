/**
 * Private write sets between endorsement and commit (Fabric: the transient store). Only lifecycle approvals have
 * them here. They are kept in memory: what is lost in between was never acknowledged, and can be approved again.
 */
import type { ledger } from '@hyperledger/fabric-protos';

const LIMIT = 1000;

export class TransientStore {
  readonly #sets = new Map<string, ledger.rwset.TxPvtReadWriteSet>();

  add(transactionId: string, set: ledger.rwset.TxPvtReadWriteSet): void {
    this.#sets.set(transactionId, set);
    const [oldest] = this.#sets.keys();
    if (oldest !== undefined && this.#sets.size > LIMIT) this.#sets.delete(oldest);
  }

  /** Hands the set out, once. */
  take(transactionId: string): ledger.rwset.TxPvtReadWriteSet | undefined {
    const set = this.#sets.get(transactionId);
    this.#sets.delete(transactionId);
    return set;
  }
}
