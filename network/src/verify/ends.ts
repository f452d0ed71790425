import { common } from '@hyperledger/fabric-protos';
import { blockHeader, blockHeaderHash } from 'umlauf-channel';
import { hex } from './text.js';

/** How a chain is recognised: hash of the first block, number of blocks, hash of the last. Nothing is verified. */
export async function ends(
  blocks: AsyncIterable<Uint8Array>,
): Promise<{ genesis: string; height: number; last: string }> {
  let genesis = '';
  let last = '';
  let height = 0;
  for await (const bytes of blocks) {
    last = hex(blockHeaderHash(blockHeader(common.Block.deserializeBinary(bytes))));
    if (height === 0) genesis = last;
    height += 1;
  }
  return { genesis, height, last };
}
