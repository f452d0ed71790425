import { common } from '@hyperledger/fabric-protos';
import { bareClient } from './client.js';
import type { TestConsortium } from './consortium.js';

/** Where a ledger ends. */
export interface LedgerEnd {
  /** Number of blocks. */
  readonly height: number;
  /** Hash of the last block's header, hexadecimal: no two chains with the same have different blocks. */
  readonly last: string;
}

/** Where the ledger of a member's peer ends. */
export async function ledgerEnd(
  consortium: Pick<TestConsortium, 'directory' | 'description' | 'gateway' | 'peer'>,
  memberId: string,
): Promise<LedgerEnd> {
  const client = await bareClient(consortium, memberId, 'auditor');
  try {
    const { channel } = consortium.description;
    const bytes = await client.gateway
      .getNetwork(channel)
      .getContract('qscc')
      .evaluateTransaction('GetChainInfo', channel);
    const info = common.BlockchainInfo.deserializeBinary(bytes);
    return {
      height: info.getHeight(),
      last: Buffer.from(info.getCurrentblockhash_asU8()).toString('hex'),
    };
  } finally {
    client.close();
  }
}

/** Number of blocks that a member's peer has. */
export async function ledgerHeight(consortium: TestConsortium, memberId: string): Promise<number> {
  return (await ledgerEnd(consortium, memberId)).height;
}
