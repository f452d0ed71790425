import { common } from '@hyperledger/fabric-protos';
import { ChannelConfig } from 'umlauf-channel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHAINCODE, deployProbe, startConsortium, type Consortium } from '../testing/consortium.js';
import { BlockReplay } from './replay.js';

let consortium: Consortium;

beforeAll(async () => {
  consortium = await startConsortium();
  await deployProbe(consortium);
});
afterAll(() => consortium.stop());

describe('Replaying a chain', () => {
  it('gives the codes and commit hashes that the network kept, and leaves the blocks as they are', async () => {
    const { network } = consortium;
    const replay = new BlockReplay();
    expect(replay.approvals(CHAINCODE, network.config)).toBeUndefined();
    for (let number = 0n; number < network.height(); number++) {
      const block = network.block(number)!;
      const before = block.serializeBinary();
      const config = number === 0n ? ChannelConfig.fromConfigBlock(block) : network.config;
      const { transactions, commitHash } = await replay.apply(block, config);
      const entries = block.getMetadata()!.getMetadataList_asU8();
      expect(transactions.map(({ code }) => code)).toEqual([...entries[TRANSACTIONS_FILTER]!]);
      expect(Buffer.from(commitHash)).toEqual(Buffer.from(metadataValue(entries[COMMIT_HASH]!)));
      expect(Buffer.compare(block.serializeBinary(), before)).toBe(0);
    }
    const approved = consortium.members.map(({ mspId }) => [mspId, true] as const);
    expect(replay.approvals(CHAINCODE, network.config)).toEqual(new Map(approved));
  });
});

const { TRANSACTIONS_FILTER, COMMIT_HASH } = common.BlockMetadataIndex;

const metadataValue = (entry: Uint8Array): Uint8Array =>
  common.Metadata.deserializeBinary(entry).getValue_asU8();
