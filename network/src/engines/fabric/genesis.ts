import { existsSync, readFileSync } from 'node:fs';
import { common } from '@hyperledger/fabric-protos';
import { ChannelConfig, createGenesisBlock, type ChannelOrganization } from 'umlauf-channel';
import { writeAtomically } from '../../home/files.js';
import { UserError } from '../../user-error.js';

/** Fewer tolerate no fault: BFT needs 3f + 1. */
const DEFAULT_ORDERERS = 4;
const LATER = 'more orderers come with `umlauf org add <member> --orderer`';

/** One of those with whom a channel begins. */
export interface Founder {
  /** What the channel's configuration is to say of it. */
  publicPart(withOrderer: boolean): Promise<ChannelOrganization>;
}

/**
 * The channel's first block: read from its file, or made of the founders and written.
 * @param orderers how many of the founders, from the first on, order. Default: 4, or as many as the channel was made with
 * @throws UserError if the founders are fewer, or the channel was made with another number
 */
export async function openGenesis(
  file: string,
  channel: string,
  founders: readonly Founder[],
  orderers?: number,
): Promise<{ block: Uint8Array; isNew: boolean }> {
  if (existsSync(file)) {
    const block = readFileSync(file);
    checkNumber(block, orderers);
    return { block, isNew: false };
  }
  if (orderers !== undefined && orderers > founders.length)
    throw new UserError(`${orderers} orderers need as many founders: there are ${founders.length}; ${LATER}`);
  const organizations = [];
  for (const [index, founder] of founders.entries())
    organizations.push(await founder.publicPart(index < (orderers ?? DEFAULT_ORDERERS)));
  const block = createGenesisBlock({ channelId: channel, organizations });
  const bytes = block.serializeBinary();
  writeAtomically(file, bytes);
  return { block: bytes, isNew: true };
}

/** The channel's first configuration. */
export function genesisConfig(genesis: Uint8Array): ChannelConfig {
  return ChannelConfig.fromConfigBlock(common.Block.deserializeBinary(genesis));
}

function checkNumber(genesis: Uint8Array, orderers: number | undefined): void {
  if (orderers === undefined) return;
  const { consenters, channelId } = genesisConfig(genesis);
  if (consenters.length !== orderers)
    throw new UserError(
      `channel ${channelId} was made with ${consenters.length} orderers, not ${orderers}; ${LATER}`,
    );
}
