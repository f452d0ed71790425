/** Puts one organization's peer together: directory, chaincode, system chaincodes, endorser, gateway, server. */
import type { common } from '@hyperledger/fabric-protos';
import { createSigner } from 'umlauf-channel';
import type { Channel } from '../channel.js';
import type { ChaincodePackages } from '../chaincode/packages.js';
import { ChaincodeSupport } from '../chaincode/support.js';
import { Endorser } from '../endorsement/endorser.js';
import type { TransientStore } from '../endorsement/transient-store.js';
import type { CommitNotifier } from '../gateway/commit-status.js';
import type { EndorsingPeer } from '../gateway/endorsing-peer.js';
import type { GatewayContext } from '../gateway/gateway.js';
import { LIFECYCLE } from '../lifecycle/definition.js';
import { ChaincodeDirectory } from '../lifecycle/directory.js';
import { lifecycleScc } from '../lifecycle/scc.js';
import type { JoinOptions } from '../network-options.js';
import { checkAcl, signedDataOf } from '../system/acl.js';
import { cscc } from '../system/cscc.js';
import { qscc } from '../system/qscc.js';
import { SystemChaincodes } from '../system/system-chaincodes.js';
import { PeerServer } from './peer.js';
import type { EmbeddedPeer, Endpoint } from './peer.js';

/** What the peers of the process share. */
export interface SharedParts {
  readonly channel: Channel;
  readonly packages: ChaincodePackages;
  readonly transient: TransientStore;
  readonly commits: CommitNotifier;
  readonly peers: () => readonly EndorsingPeer[];
  readonly broadcast: (envelope: common.Envelope) => void;
}

export class MemberPeer implements EmbeddedPeer {
  readonly mspId: string;
  /** As the gateways of all organizations see it. */
  readonly endorsing: EndorsingPeer;
  /** What its own gateway works with. */
  readonly context: GatewayContext;
  readonly #server: PeerServer;
  readonly #directory: ChaincodeDirectory;
  readonly #support: ChaincodeSupport;

  constructor(options: JoinOptions, shared: SharedParts) {
    const { mspId, host = 'localhost', port = 0 } = options;
    const { channel, packages, transient } = shared;
    const { ledger } = channel;
    const config = () => channel.config;
    const isMember = () => config().organizations.has(mspId);
    const signer = createSigner(options.signing, mspId);
    this.mspId = mspId;
    const system = new SystemChaincodes({
      cscc: cscc({ mspId, config, configBlock: () => channel.configBlock }),
      qscc: qscc(ledger, config),
      [LIFECYCLE]: lifecycleScc(mspId, config),
    });
    const directory = new ChaincodeDirectory(mspId, ledger, packages);
    const support = new ChaincodeSupport({
      directory,
      packages,
      system,
      checkCall: ({ proposal }) => checkAcl('peer/ChaincodeToChaincode', config(), signedDataOf(proposal)),
    });
    const endorser = new Endorser({ signer, ledger, config, directory, support, system, transient });
    this.#directory = directory;
    this.#support = support;
    this.endorsing = endorsingPeer({
      mspId,
      identity: signer.identity,
      address: () => `${host}:${this.endpoint.port}`,
      isAvailable: () => this.#server.isRunning && isMember(),
      canRun: (name) => system.has(name) || directory.canRun(name),
      published: () => directory.published(),
      sign: (message) => signer.sign(message),
      endorser,
    });
    this.context = {
      channelId: ledger.channelId,
      ledger,
      config,
      view: () => ledger.view(),
      own: this.endorsing,
      peers: shared.peers,
      broadcast: shared.broadcast,
      commits: shared.commits,
      isMember,
    };
    this.#server = new PeerServer({ tls: options.tls, tlsRoots: options.tlsRoots, host, port }, this.context);
  }

  get endpoint(): Endpoint {
    return this.#server.endpoint;
  }

  get isRunning(): boolean {
    return this.#server.isRunning;
  }

  start(): Promise<void> {
    return this.#server.start();
  }

  stop(): void {
    this.#server.stop();
  }

  /** Runs nothing any more of a package; what is under way is answered first. */
  retire(packageId: string): Promise<void> {
    return this.#support.retire(packageId);
  }

  /** Stops for good. */
  close(): void {
    this.stop();
    this.#directory.close();
    this.#support.close();
  }
}

type EndorsingParts = Omit<EndorsingPeer, 'address' | 'isAvailable' | 'processProposal'> & {
  readonly address: () => string;
  readonly isAvailable: () => boolean;
  readonly endorser: Endorser;
};

function endorsingPeer(parts: EndorsingParts): EndorsingPeer {
  const { mspId, identity, canRun, published, sign } = parts;
  return {
    ...{ mspId, identity, canRun, published, sign },
    get address() {
      return parts.address();
    },
    get isAvailable() {
      return parts.isAvailable();
    },
    processProposal: (proposal) => parts.endorser.processProposal(proposal),
  };
}
