/**
 * One member's part of the network: its orderer if it has a place, its peer, its chaincode service, and its
 * administrator's acts. It knows its own keys and the others' public material, so that in production each member runs
 * this on a machine of its own.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { relative } from 'node:path';
import type { common } from '@hyperledger/fabric-protos';
import { createSigner, publicOrganization, signConfigUpdate, type ChannelConfig, type ChannelOrganization, type Signer } from 'umlauf-channel';
import { writeAtomically } from '../../home/files.js';
import type { LocalOrganization } from '../../home/organizations.js';
import type { Ports } from '../../home/ports.js';
import { BlockFollower, type Committed } from './client/block-follower.js';
import { broadcast } from './client/broadcast.js';
import type { NodeAddress } from './client/connection.js';
import { DiscoveryClient } from './client/discovery.js';
import { EndorserClient } from './client/endorser-client.js';
import { OrdererAdmin } from './client/orderer-admin.js';
import { createProposal, createTransaction, type ProposalContent } from './client/proposal.js';
import { channelConfig, chainHeight, joinChannel, joinedChannels } from './client/system-chaincodes.js';
import { builderConfig } from './chaincode/package.js';
import type { FabricBinaries } from './nodes/binaries.js';
import type { FabricLayout, MemberLayout } from './nodes/layout.js';
import { ordererConfigFile } from './nodes/orderer-config.js';
import { BUILDER_CONFIG, peerConfigFile } from './nodes/peer-config.js';
import type { Supervisor } from './nodes/processes.js';
import { until } from './wait.js';

export interface MemberContext {
  readonly channel: string;
  readonly layout: FabricLayout;
  readonly ports: Ports;
  readonly supervisor: Supervisor;
  readonly binaries: FabricBinaries;
  /** By how much a proposal's timestamp may be off the peer's clock; a Go duration. */
  readonly timeWindow: string;
  readonly channelPeers: number;
}
