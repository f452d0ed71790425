/** Asks the native peers and orderers of this machine, each at its own interface. */
import { existsSync } from 'node:fs';
import { createSigner, type ChannelConfig } from 'umlauf-channel';
import { unlessAborted } from '../../abort.js';
import { approvedPackage, committedDefinition } from '../../engines/fabric/client/lifecycle.js';
import { DiscoveryClient } from '../../engines/fabric/client/discovery.js';
import { EndorserClient } from '../../engines/fabric/client/endorser-client.js';
import { OrdererAdmin } from '../../engines/fabric/client/orderer-admin.js';
import { chainHeight, channelConfig } from '../../engines/fabric/client/system-chaincodes.js';
import { LOOPBACK } from '../../engines/fabric/nodes/context.js';
import { fabricLayout } from '../../engines/fabric/nodes/layout.js';
import type { Home } from '../../home/home.js';
import type { LocalOrganization } from '../../home/organizations.js';
import { openPorts, type Ports } from '../../home/ports.js';
import type { NodeFact, PeerFact } from '../facts.js';

const ANSWER_MS = 5_000;

export interface NodesFacts {
  readonly peers: readonly PeerFact[];
  readonly orderers: readonly NodeFact[];
  /** MSP ids of the channel's organizations; undefined where no peer tells. */
  readonly members: readonly string[] | undefined;
  /** How many order on the channel, here and elsewhere; undefined where no peer tells. */
  readonly consenters: number | undefined;
}

export async function probeNodes(
  home: Pick<Home, 'path'>,
  organizations: readonly LocalOrganization[],
  channel: string,
  chaincode: string,
): Promise<NodesFacts> {
  const layout = fabricLayout(home);
  const here = organizations.filter((organization) => {
    const { peerConfig, left } = layout.member(organization);
    return existsSync(peerConfig) && !existsSync(left);
  });
  const ports = openPorts(home);
  const ordering = here.filter((organization) => existsSync(layout.member(organization).ordererConfig));
  const [asked, orderers] = await Promise.all([
    Promise.all(here.map((organization) => askPeer(ports, organization, channel, chaincode))),
    Promise.all(ordering.map((organization) => askOrderer(ports, organization, channel))),
  ]);
  const configuration = asked.find(({ config }) => config)?.config;
  return {
    peers: asked.map(({ fact }) => fact),
    orderers,
    members: configuration && [...configuration.organizations.keys()],
    consenters: configuration?.consenters.length,
  };
}

async function askPeer(
  ports: Ports,
  { member, material }: LocalOrganization,
  channel: string,
  chaincode: string,
): Promise<{ fact: PeerFact; config?: ChannelConfig }> {
  const { id: memberId, mspId, host } = member;
  const address = {
    endpoint: `${host}:${ports.kept(member, 'peer') ?? 0}`,
    tlsRootCertificates: material.tlsCa.certificate,
  };
  const signer = createSigner(material.admin, mspId);
  const endorser = new EndorserClient(address, signer);
  const discovery = new DiscoveryClient(address, signer);
  try {
    await endorser.connected(ANSWER_MS);
    const [height, known, definition, config] = await within(
      Promise.all([
        chainHeight(endorser, channel),
        discovery.peers(channel),
        committedDefinition(endorser, channel, chaincode),
        channelConfig(endorser, channel),
      ]),
    );
    const packageId = definition && (await within(approvedPackage(endorser, channel, definition)));
    const knows = [...new Set(known.map((peer) => peer.mspId))];
    return { fact: { memberId, mspId, height, knows, packageId }, config };
  } catch {
    return { fact: { memberId, mspId, height: undefined } };
  } finally {
    discovery.close();
    endorser.close();
  }
}

async function askOrderer(
  ports: Ports,
  { member, material }: LocalOrganization,
  channel: string,
): Promise<NodeFact> {
  const admin = new OrdererAdmin({
    host: LOOPBACK,
    port: ports.kept(member, 'orderer-admin') ?? 0,
    tlsRootCertificates: material.tlsCa.certificate,
    ...material.orderer.tls,
    timeoutMs: ANSWER_MS,
  });
  try {
    return { memberId: member.id, height: (await admin.status(channel)).height };
  } catch {
    return { memberId: member.id, height: undefined };
  }
}

/** A node that hangs after it has connected is as good as none. */
const within = <T>(answer: Promise<T>): Promise<T> => unlessAborted(answer, AbortSignal.timeout(ANSWER_MS));
