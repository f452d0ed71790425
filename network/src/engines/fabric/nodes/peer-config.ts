/**
 * A peer's core.yaml. What isn't named here has a sound default in Fabric's code; what is named either has none, or a
 * default that was found wanting (the comments say why).
 */
import { stringify } from 'yaml';
import type { NodeCrypto } from './layout.js';

/** `host:port` */
export type Address = string;

export interface PeerSettings {
  /** Name of the peer in logs. */
  readonly id: string;
  readonly mspId: string;
  /** Where it listens: loopback, unless other machines are to reach it. */
  readonly listenAddress: Address;
  /** By which other peers and clients reach it. */
  readonly externalAddress: Address;
  /** Operations, health and metrics: loopback. */
  readonly operationsAddress: Address;
  readonly crypto: NodeCrypto;
  readonly dataFolder: string;
  /** Contains the chaincode-as-a-service builder's `bin/`. */
  readonly chaincodeBuilder: string;
  /** By how much a proposal's timestamp may be off this peer's clock; a Go duration. */
  readonly timeWindow: string;
  /** How many peers the channel may come to have; decides how often peers gossip, and when a silent one is taken for dead. */
  readonly channelPeers: number;
}

/** The environment variable from which the builder fills the templates of a package's connection.json. */
export const BUILDER_CONFIG = 'CHAINCODE_AS_A_SERVICE_BUILDER_CONFIG';

/** Up to here short intervals cost little; the cost grows with the square of the number. */
const FEW_PEERS = 8;

/** From here on two minutes of silence on a busy machine no longer prove that a peer is dead (measured at 32). */
const MANY_PEERS = 24;

const MEGABYTE = 1024 * 1024;

/** The file's content as a typed value; keys are Fabric's. */
function peerConfig(settings: PeerSettings) {
  const { crypto } = settings;
  return {
    peer: {
      id: settings.id,
      networkId: 'umlauf',
      localMspId: settings.mspId,
      mspConfigPath: crypto.msp,
      fileSystemPath: settings.dataFolder,
      listenAddress: settings.listenAddress,
      address: settings.externalAddress,
      // For chaincode that the peer itself starts: there is none, but the default port would collide.
      chaincodeListenAddress: '127.0.0.1:0',
      tls: {
        enabled: true,
        clientAuthRequired: false,
        cert: { file: crypto.tlsCertificate },
        key: { file: crypto.tlsKey },
        rootcert: { file: crypto.tlsRoot },
      },
      authentication: { timewindow: settings.timeWindow },
      // The peer's own gateway pings more often than the default minimum of 60 s allows, and is then cut off.
      keepalive: { minInterval: '5s' },
      gateway: { enabled: true },
      gossip: gossip(settings),
      // After which another orderer is asked for a block that others have. One that was slow for a moment, or has just
      // started, may lack the last one for as long as nothing else is ordered, and then for ten seconds. Fabric's 30 s
      // are as long as anybody here waits for a block. A peer wakes up a hundred times in this while to look.
      deliveryclient: paceOf(settings.channelPeers).deliveryclient,
      handlers: {
        authFilters: [{ name: 'DefaultAuth' }, { name: 'ExpirationCheck' }, { name: 'TimeWindowCheck' }],
        decorators: [{ name: 'DefaultDecorator' }],
        endorsers: { escc: { name: 'DefaultEndorsement' } },
        validators: { vscc: { name: 'DefaultValidation' } },
      },
      discovery: {
        enabled: true,
        authCacheEnabled: true,
        authCacheMaxSize: 1000,
        authCachePurgeRetentionRatio: 0.75,
        orgMembersAllowedAccess: false,
      },
      limits: { concurrency: { endorserService: 2500, deliverService: 2500, gatewayService: 500 } },
      maxRecvMsgSize: 100 * MEGABYTE,
      maxSendMsgSize: 100 * MEGABYTE,
      BCCSP: { Default: 'SW', SW: { Hash: 'SHA2', Security: 256 } },
    },
    chaincode: {
      externalBuilders: [
        { name: 'ccaas_builder', path: settings.chaincodeBuilder, propagateEnvironment: [BUILDER_CONFIG] },
      ],
      executetimeout: '30s',
      startuptimeout: '30s',
      installTimeout: '60s',
      system: { _lifecycle: 'enable', cscc: 'enable', lscc: 'enable', qscc: 'enable' },
      logging: { level: 'warning', shim: 'warning' },
    },
    ledger: {
      state: { stateDatabase: 'goleveldb', totalQueryLimit: 100_000 },
      history: { enableHistoryDatabase: true },
      pvtdataStore: { purgeInterval: 100 },
    },
    operations: { listenAddress: settings.operationsAddress, tls: { enabled: false } },
    metrics: { provider: 'prometheus' },
  };
}

/**
 * With Fabric's defaults every submit fails for 25 s after the start, since peers don't know each other yet; with all
 * intervals at 1 s eighteen idle peers eat 1.5 cores. These were measured to start fast and stay stable; the long
 * expiry is there because with one peer for each organization gossip otherwise takes live peers for dead.
 */
function gossip({ externalAddress, channelPeers }: PeerSettings) {
  return {
    endpoint: externalAddress,
    externalEndpoint: externalAddress,
    bootstrap: [],
    // One peer for each organization: it fetches blocks from the orderers itself.
    useLeaderElection: false,
    orgLeader: true,
    state: { enabled: false },
    ...paceOf(channelPeers).gossip,
    membershipTrackerInterval: '5s',
    aliveExpirationTimeout: channelPeers > MANY_PEERS ? '300s' : '120s',
    pvtData: {
      // Only lifecycle approvals are private data, and only their own organization's peer keeps them.
      reconciliationEnabled: false,
      pullRetryThreshold: '1s',
      implicitCollectionDisseminationPolicy: { requiredPeerCount: 0, maxPeerCount: 0 },
      transientstoreMaxBlockRetention: 20_000,
      pushAckTimeout: '3s',
      btlPullMargin: 10,
    },
  };
}

/**
 * A peer that has just joined a channel can't reach any other at first: it trusts their certificates a moment later, and
 * a dial goes on with what was trusted when it began. With Fabric's 3 s for a dial and 4 s between two comparisons of
 * membership a start takes 5 s longer.
 */
const QUICK = {
  gossip: {
    dialTimeout: '1s',
    reconnectInterval: '500ms',
    pullInterval: '1s',
    publishStateInfoInterval: '1s',
    requestStateInfoInterval: '1s',
    aliveTimeInterval: '1s',
  },
  deliveryclient: { blockCensorshipTimeoutKey: '2s' },
};

/**
 * Eighteen peers on one machine that has to do something else too: most of what they do idle is to wake up 100 times a
 * second for messages that they may gossip, to check each other's signs of life and word of every new height, and to
 * compare what they know. With signs of life every second, blocks missed after 2 s and identities compared every 4 s
 * (Fabric's default) that takes 0.23 s of processor time a second; with these intervals 0.1 s. Asking for heights
 * every 30 s saves nothing more, and about every other start takes 5 s longer (all measured).
 */
const FRUGAL = {
  gossip: {
    reconnectInterval: '2s',
    pullInterval: '10s',
    publishStateInfoInterval: '10s',
    requestStateInfoInterval: '10s',
    aliveTimeInterval: '5s',
    maxPropagationBurstLatency: '500ms',
  },
  deliveryclient: { blockCensorshipTimeoutKey: '5s' },
};

/** The parts of core.yaml that go by the number of peers. */
function paceOf(channelPeers: number) {
  return channelPeers <= FEW_PEERS ? QUICK : FRUGAL;
}

export function peerConfigFile(settings: PeerSettings): string {
  return stringify(peerConfig(settings));
}
