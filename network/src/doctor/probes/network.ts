import { existsSync } from 'node:fs';
import { common } from '@hyperledger/fabric-protos';
import { blockEnvelopes, decodeEnvelope, readOrganization } from 'umlauf-channel';
import type { ConsortiumDescription } from '../../consortium/load.js';
import { ownLabel } from '../../engines/chaincode/code.js';
import { engineOf, pathsIn } from '../../home/home.js';
import { organizationFolder, type LocalOrganization } from '../../home/organizations.js';
import { endpointsOf } from '../../home/running.js';
import { deliverBlocks } from '../../verify/deliver.js';
import { findSource } from '../../verify/export.js';
import type { NetworkFacts } from '../facts.js';
import { probeClock } from './machine.js';
import { probeNodes } from './nodes.js';
import { chaincodeInForce, gatewayState, networkPoints } from './running.js';

/**
 * Looks at a network that is up.
 * @param clocks addresses of machines to compare the time with
 */
export async function probeNetwork(
  directory: string,
  description: ConsortiumDescription,
  clocks: readonly string[],
): Promise<NetworkFacts> {
  const home = pathsIn(directory);
  const endpoints = endpointsOf(directory) ?? [];
  const { channel, chaincode } = description;
  const gateways = await Promise.all(endpoints.map(gatewayState));
  const native = engineOf(directory) === 'fabric';
  const organizations = native ? await localOrganizations(home, description) : [];
  const nodes = native
    ? await probeNodes(home, organizations, channel, chaincode)
    : {
        // One process is all peers and orderers: its gateways tell.
        peers: gateways.map(({ memberId, height }, index) => ({
          memberId,
          mspId: endpoints[index]?.mspId ?? '',
          height,
        })),
        orderers: [],
        members: endpoints.map(({ mspId }) => mspId),
      };
  const { peers, orderers, members } = nodes;
  return {
    ...{ peers, orderers, members },
    gateways,
    clocks: await Promise.all(clocks.map(probeClock)),
    newestBlockAheadMs: await newestBlockAhead(directory, description).catch(() => undefined),
    chaincode: await chaincodeInForce(directory),
    ownLabel: ownLabel(),
    openPoints: await networkPoints(endpoints),
  };
}

/** The organizations of listed members that have keys in a home. */
export async function localOrganizations(
  home: { path(...parts: string[]): string },
  { members }: ConsortiumDescription,
): Promise<LocalOrganization[]> {
  const here = members.filter(({ id }) => existsSync(organizationFolder(home, id)));
  return Promise.all(
    here.map(async (member) => ({
      member,
      material: await readOrganization(organizationFolder(home, member.id)),
    })),
  );
}

/** The timestamp of the newest block's last transaction minus this machine's time, in milliseconds. */
async function newestBlockAhead(
  directory: string,
  description: ConsortiumDescription,
): Promise<number | undefined> {
  const { address, signer } = await findSource(directory, { description });
  for await (const bytes of deliverBlocks(address, description.channel, signer, 'newest')) {
    const last = blockEnvelopes(common.Block.deserializeBinary(bytes)).at(-1);
    const timestamp = last && decodeEnvelope(last).channelHeader.getTimestamp();
    if (timestamp) return timestamp.toDate().getTime() - Date.now();
  }
  return undefined;
}
