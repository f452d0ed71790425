import { common } from '@hyperledger/fabric-protos';
import { bareClient } from './client.js';
import type { TestConsortium } from './consortium.js';

/** Number of blocks that a member's peer has. */
export async function ledgerHeight(consortium: TestConsortium, memberId: string): Promise<number> {
  const client = await bareClient(consortium, memberId, 'auditor');
  try {
    const { channel } = consortium.description;
    const info = await client.gateway
      .getNetwork(channel)
      .getContract('qscc')
      .evaluateTransaction('GetChainInfo', channel);
    return common.BlockchainInfo.deserializeBinary(info).getHeight();
  } finally {
    client.close();
  }
}
