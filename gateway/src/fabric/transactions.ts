/**
 * Looking transactions and the chain up in the own peer's ledger, through its system chaincode `qscc`.
 *
 * Never through CommitStatus, which waits to its deadline for an id that never commits.
 */
import { common, peer } from '@hyperledger/fabric-protos';
import { chaincodeResponse } from './chaincode-error.js';
import type { CommitStatus, FabricClient } from './client.js';
import { readEnvelope, type TransactionContent } from './envelope.js';
import { failureOf } from './failure.js';

/** A transaction as it stands in the ledger. */
export interface LedgerTransaction extends CommitStatus {
  readonly transactionId: string;
  /** The transaction's timestamp, in milliseconds; chosen by its client. */
  readonly timestampMs: number;
  /** @throws {Error} for a configuration. */
  readonly content: () => TransactionContent;
}

const UNKNOWN_ID = 'no such transaction ID';

/** Reads one channel's ledger at one peer. */
export class LedgerLookup {
  constructor(
    private readonly client: FabricClient,
    private readonly channel: string,
  ) {}

  /** The transaction of an id, or `undefined` if the own peer's ledger has none. */
  async transaction(transactionId: string, deadlineMs?: number): Promise<LedgerTransaction | undefined> {
    try {
      const [transactionBytes, blockBytes] = await Promise.all([
        this.#ask('GetTransactionByID', [transactionId], deadlineMs),
        this.#ask('GetBlockByTxID', [transactionId], deadlineMs),
      ]);
      const processed = peer.ProcessedTransaction.deserializeBinary(transactionBytes);
      const block = common.Block.deserializeBinary(blockBytes);
      const envelope = processed.getTransactionenvelope()?.getPayload_asU8() ?? new Uint8Array();
      const { timestampMs, content } = readEnvelope(envelope);
      return {
        transactionId,
        validationCode: processed.getValidationcode(),
        blockNumber: BigInt(block.getHeader()?.getNumber() ?? 0),
        timestampMs,
        content,
      };
    } catch (error) {
      if (chaincodeResponse(failureOf(error).message)?.includes(UNKNOWN_ID)) return undefined;
      throw error;
    }
  }

  /**
   * How many blocks a peer has.
   * @param mspId Whose peer; by default the own one.
   */
  async height(mspId?: string, deadlineMs?: number): Promise<bigint> {
    const info = await this.#ask('GetChainInfo', [], deadlineMs, mspId);
    return BigInt(common.BlockchainInfo.deserializeBinary(info).getHeight());
  }

  #ask(transaction: string, rest: string[], deadlineMs?: number, mspId?: string): Promise<Uint8Array> {
    return this.client.evaluate(
      { chaincode: 'qscc', transaction, arguments: [this.channel, ...rest] },
      { ...(deadlineMs === undefined ? {} : { deadlineMs }), ...(mspId === undefined ? {} : { mspId }) },
    );
  }
}
