import { createGenesisBlock, createSigner, publicOrganization } from 'umlauf-channel';
import { memoryStore, startNetwork } from '../../../network/embedded/src/index.js';
import { CHAINCODE, CHAINCODE_FOLDER, CHANNEL, organization, ORGANIZATIONS } from './network.js';
import type { ProbeNetwork } from './network.js';

/** The embedded network as it is in the sources, its ledger in memory. */
export async function startEmbedded(): Promise<ProbeNetwork> {
  const members = await Promise.all(ORGANIZATIONS.map(organization));
  const genesisBlock = createGenesisBlock({
    channelId: CHANNEL,
    organizations: members.map((member, index) => ({
      ...publicOrganization(member),
      peers: [{ host: 'localhost', port: 7000 + index }],
      orderer: {
        host: 'localhost',
        port: 8000 + index,
        signingCertificate: member.orderer.signing.certificate,
        clientTlsCertificate: member.orderer.tls.certificate,
        serverTlsCertificate: member.orderer.tls.certificate,
      },
    })),
  });
  const network = await startNetwork({
    genesisBlock,
    store: memoryStore(),
    consenters: members.map(({ mspId, orderer }) => ({ mspId, signing: orderer.signing })),
  });
  for (const { mspId, peer, tlsCa } of members)
    await network.joinPeer({
      mspId,
      signing: peer.signing,
      tls: peer.tls,
      tlsRoots: [tlsCa.certificate],
    });
  const packageId = await network.installChaincode({ label: CHAINCODE, path: CHAINCODE_FOLDER });
  await network.deployChaincode({
    definition: { name: CHAINCODE, version: '1.0.0', sequence: 1 },
    packageId,
    admins: new Map(members.map(({ mspId, admin }) => [mspId, createSigner(admin, mspId)])),
  });
  return {
    members,
    isOneLedger: true,
    endpoint(mspId) {
      const endpoint = network.peers.get(mspId)?.endpoint;
      if (!endpoint) throw new Error(`${mspId} has no peer`);
      return `${endpoint.host}:${endpoint.port}`;
    },
    stop: () => network.stop(),
  };
}
