import { common, peer } from '@hyperledger/fabric-protos';
import { bareClient } from './client.js';
import type { TestConsortium } from './consortium.js';

/** Where a ledger ends. */
export interface LedgerEnd {
  /** Number of blocks. */
  readonly height: number;
  /** Hash of the last block's header, hexadecimal: no two chains with the same have different blocks. */
  readonly last: string;
}

type Consortium = Pick<TestConsortium, 'directory' | 'description' | 'gateway' | 'peer'>;

/** Asks a member's peer about its ledger. */
async function query<T>(
  consortium: Consortium,
  memberId: string,
  read: (ask: (name: string, ...args: string[]) => Promise<Uint8Array>) => Promise<T>,
): Promise<T> {
  const client = await bareClient(consortium, memberId, 'auditor');
  try {
    const { channel } = consortium.description;
    const qscc = client.gateway.getNetwork(channel).getContract('qscc');
    return await read((name, ...args) => qscc.evaluateTransaction(name, channel, ...args));
  } finally {
    client.close();
  }
}

/** Where the ledger of a member's peer ends. */
export function ledgerEnd(consortium: Consortium, memberId: string): Promise<LedgerEnd> {
  return query(consortium, memberId, async (ask) => {
    const info = common.BlockchainInfo.deserializeBinary(await ask('GetChainInfo'));
    return {
      height: info.getHeight(),
      last: Buffer.from(info.getCurrentblockhash_asU8()).toString('hex'),
    };
  });
}

/** Number of blocks that a member's peer has. */
export async function ledgerHeight(consortium: Consortium, memberId: string): Promise<number> {
  return (await ledgerEnd(consortium, memberId)).height;
}

/**
 * How many transactions have had an effect from a block on. Not the height: two gateways may record the same at the
 * same time, and the second one's transaction is in a block without effect.
 */
export async function effectiveSince(
  consortium: Consortium,
  memberId: string,
  block: number,
): Promise<number> {
  const height = await ledgerHeight(consortium, memberId);
  return query(consortium, memberId, async (ask) => {
    let effective = 0;
    for (let number = block; number < height; number += 1) {
      const { TRANSACTIONS_FILTER } = common.BlockMetadataIndex;
      const found = common.Block.deserializeBinary(await ask('GetBlockByNumber', String(number)));
      const codes = found.getMetadata()?.getMetadataList_asU8()[TRANSACTIONS_FILTER] ?? [];
      effective += [...codes].filter((code) => code === peer.TxValidationCode.VALID).length;
    }
    return effective;
  });
}
