import { existsSync, readFileSync } from 'node:fs';
import { createGenesisBlock, DEFAULT_BATCH } from 'umlauf-channel';
import { writeAtomically } from '../../home/files.js';
import type { Member } from './member.js';

/**
 * The channel's first block: read from its file, or made of the founders and written.
 * @param orderers how many of the founders, from the first on, order
 */
export async function openGenesis(
  file: string,
  channel: string,
  founders: readonly Member[],
  orderers: number,
): Promise<{ block: Uint8Array; isNew: boolean }> {
  if (existsSync(file)) return { block: readFileSync(file), isNew: false };
  const organizations = [];
  for (const [index, founder] of founders.entries())
    organizations.push(await founder.publicPart(index < orderers));
  const block = createGenesisBlock({ channelId: channel, organizations, batch: DEFAULT_BATCH });
  const bytes = block.serializeBinary();
  writeAtomically(file, bytes);
  return { block: bytes, isNew: true };
}
