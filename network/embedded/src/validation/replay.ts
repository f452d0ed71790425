/**
 * Validates a chain of blocks again, offline: what a peer that joins today would make of them. Flags and commit hashes
 * that came with a block are not looked at; nothing of a block is kept but the state that it leads to and the ids of
 * its transactions.
 */
import { common } from '@hyperledger/fabric-protos';
import type { ChannelConfig } from 'umlauf-channel';
import { LedgerView } from '../ledger/view.js';
import { organizationApprovals } from '../lifecycle/approvals.js';
import { memoryStore } from '../store/memory.js';
import type { Store } from '../store/store.js';
import { validateBlock } from './block.js';
import type { ValidatedTransaction } from './block.js';

/** A block as validation leaves it. */
export interface ReplayedBlock {
  readonly transactions: readonly ValidatedTransaction[];
  /** Over flags and state changes of this block and all before it; empty for block 0. */
  readonly commitHash: Uint8Array;
}

export class BlockReplay {
  readonly #store: Store = memoryStore();
  readonly #known = new Set<string>();
  #height = 0;
  #commitHash: Uint8Array = new Uint8Array();

  /**
   * Validates the next block and applies what is valid.
   * @param config the configuration in force before the block; for block 0 its own
   */
  async apply(block: common.Block, config: ChannelConfig): Promise<ReplayedBlock> {
    const view = this.#view();
    // Validation writes into the block's metadata: the caller's stays as it is.
    const copy = new common.Block();
    copy.setHeader(block.getHeader());
    copy.setData(block.getData());
    try {
      const { commit, commitHash, transactions } = await validateBlock(copy, {
        config,
        view,
        isKnown: (id) => this.#known.has(id),
        previousCommitHash: this.#commitHash,
      });
      await this.#store.write(commit.updates.toWrites());
      for (const { id } of transactions) if (id !== '') this.#known.add(id);
      this.#height += 1;
      this.#commitHash = commitHash;
      return { transactions, commitHash };
    } finally {
      view.close();
    }
  }

  /**
   * Every organization of the channel by MSP id, and whether it has approved the committed definition of a chaincode.
   * Undefined if the chaincode is not defined.
   */
  approvals(chaincode: string, config: ChannelConfig): ReadonlyMap<string, boolean> | undefined {
    const view = this.#view();
    try {
      return organizationApprovals(chaincode, config, view);
    } finally {
      view.close();
    }
  }

  #view(): LedgerView {
    return new LedgerView(this.#height, this.#store.snapshot());
  }
}
