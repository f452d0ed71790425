/** Whether a channel's first block, made on another machine, is the one that the consortium file describes. */
import { common } from '@hyperledger/fabric-protos';
import {
  blockEnvelopes,
  ChannelConfig,
  ConfigUpdateError,
  createConfig,
  proposeConfigUpdate,
  rootFingerprints,
  type ConsenterConfig,
} from 'umlauf-channel';
import type { PublicPart } from '../home/organization-file.js';
import { UserError } from '../user-error.js';

/**
 * Reads a block that is to be a channel's first.
 * @throws UserError naming the file, if it is none
 */
export function readGenesis(bytes: Uint8Array, file: string): ChannelConfig {
  try {
    const block = common.Block.deserializeBinary(bytes);
    if (block.getHeader()?.getNumber() !== 0 || blockEnvelopes(block).length !== 1)
      throw new Error('not block 0');
    return ChannelConfig.fromConfigBlock(block);
  } catch (error) {
    throw new UserError(`${file}: is no first block of a channel: ${(error as Error).message}`);
  }
}

/**
 * Every founder must be in it with the very roots that this machine knows of it: keys found, not names.
 * @param founders as their exported files, or this machine's own keys, have them
 * @throws UserError naming those that differ
 */
export function checkRoots(genesis: ChannelConfig, founders: readonly PublicPart[], file: string): void {
  const differing = founders.filter((founder) => {
    const { signing, tls } = rootFingerprints(founder);
    const found = genesis.organizations.get(founder.mspId);
    return (
      JSON.stringify(signing) !== JSON.stringify(found?.rootFingerprints) ||
      JSON.stringify(tls) !== JSON.stringify(found?.tlsRootFingerprints)
    );
  });
  if (differing.length > 0)
    throw new UserError(
      `${file}: has other root certificates of ${differing.map(({ mspId }) => mspId).join(', ')} than this machine`,
    );
}

/**
 * A founder joins no channel whose rules it hasn't agreed to: made of what this machine knows of the founders, the
 * configuration must come out the same, policies and all.
 * @throws UserError naming what differs
 */
export function checkConfiguration(
  genesis: ChannelConfig,
  founders: readonly PublicPart[],
  file: string,
): void {
  const places = new Map(
    genesis.consenters.map((consenter, index) => [consenter.mspId, { consenter, index }]),
  );
  for (const { mspId, orderer } of founders) {
    const { consenter } = places.get(mspId) ?? {};
    if (consenter && !samePlace(consenter, orderer))
      throw new UserError(
        `${file}: has another address or other certificates of the orderer of ${mspId} than this machine`,
      );
  }
  const position = ({ mspId }: PublicPart) => places.get(mspId)?.index ?? Number.MAX_SAFE_INTEGER;
  const expected = createConfig({
    channelId: genesis.channelId,
    organizations: [...founders]
      .sort((a, b) => position(a) - position(b))
      .map(({ orderer, ...founder }) => ({
        ...founder,
        ...(places.has(founder.mspId)
          ? { orderer: { ...orderer, id: places.get(founder.mspId)?.consenter.id } }
          : {}),
      })),
  });
  try {
    proposeConfigUpdate(genesis.config, expected, genesis.channelId);
  } catch (error) {
    if (error instanceof ConfigUpdateError) return; // there is no difference
    throw error;
  }
  throw new UserError(
    `${file}: its addresses, policies or limits are not those that the consortium file and the exported files give; ` +
      'every founder must take part with the same version of Umlauf',
  );
}

function samePlace(consenter: ConsenterConfig, place: PublicPart['orderer']): boolean {
  const same = (a: string, b: string) => a.trim() === b.trim();
  return (
    consenter.host === place.host &&
    consenter.port === place.port &&
    same(consenter.certificate, place.signingCertificate) &&
    same(consenter.clientTlsCertificate, place.clientTlsCertificate) &&
    same(consenter.serverTlsCertificate, place.serverTlsCertificate)
  );
}
