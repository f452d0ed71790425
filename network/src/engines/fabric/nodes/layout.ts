import { resolve, join } from 'node:path';
import type { Home } from '../../../home/home.js';
import type { LocalOrganization } from '../../../home/organizations.js';

/** Where the key material of one node lies, as `writeOrganization` of umlauf-channel laid it out. */
export interface NodeCrypto {
  readonly msp: string;
  readonly tlsCertificate: string;
  readonly tlsKey: string;
  readonly tlsRoot: string;
}

/** Where one member's part of the network keeps its files; all paths are absolute. */
export interface MemberLayout {
  /** Working folder of its processes: what they name relatively is in here. */
  readonly directory: string;
  /** Folder with `core.yaml`. */
  readonly peerConfig: string;
  readonly peerData: string;
  /** Folder with `orderer.yaml`; it exists exactly if the member has a place among the consenters. */
  readonly ordererConfig: string;
  readonly ordererData: string;
  /** Which chaincode packages its service runs. */
  readonly chaincodeRecord: string;
  /** Whose chaincode service its peer uses; it exists exactly if that isn't its own. */
  readonly chaincodeHost: string;
  /** It exists exactly if the member was taken off the channel. */
  readonly left: string;
  readonly peer: NodeCrypto;
  readonly orderer: NodeCrypto;
}

/** Where the Fabric engine keeps its files inside a home. */
export interface FabricLayout {
  readonly genesisBlock: string;
  /** One record for each process. */
  readonly processes: string;
  readonly logs: string;
  /** The code that chaincode services run, one folder for each label. */
  readonly chaincodes: string;
  member(organization: LocalOrganization): MemberLayout;
}

export function fabricLayout(home: Pick<Home, 'path'>): FabricLayout {
  const root = resolve(home.path('fabric'));
  return {
    genesisBlock: join(root, 'genesis.block'),
    processes: join(root, 'processes'),
    logs: join(root, 'logs'),
    chaincodes: join(root, 'chaincodes'),
    member({ member, material }) {
      const directory = join(root, 'members', member.id);
      const crypto = (kind: 'peer' | 'orderer'): NodeCrypto => {
        const node = resolve(home.path('organizations', member.id, `${kind}s`, `${kind}.${material.domain}`));
        return {
          msp: join(node, 'msp'),
          tlsCertificate: join(node, 'tls', 'server.crt'),
          tlsKey: join(node, 'tls', 'server.key'),
          tlsRoot: join(node, 'tls', 'ca.crt'),
        };
      };
      return {
        directory,
        peerConfig: join(directory, 'peer'),
        peerData: join(directory, 'peer', 'data'),
        ordererConfig: join(directory, 'orderer'),
        ordererData: join(directory, 'orderer', 'data'),
        chaincodeRecord: join(directory, 'chaincode.json'),
        chaincodeHost: join(directory, 'chaincode-host.json'),
        left: join(directory, 'left'),
        peer: crypto('peer'),
        orderer: crypto('orderer'),
      };
    },
  };
}
