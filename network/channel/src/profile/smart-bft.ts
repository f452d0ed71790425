import { orderer } from '@hyperledger/fabric-protos';

/**
 * Options of the SmartBFT consensus. Durations are Go durations (`200ms`, `3s`). How many transactions and bytes make
 * a block isn't among them: Fabric takes those from BatchSize (orderer/consensus/smartbft, createSmartBftConfig).
 */
export interface SmartBftOptions {
  /** How long the leader gathers transactions: the block interval. */
  readonly requestBatchMaxInterval: string;
  readonly incomingMessageBufferSize: number;
  readonly requestPoolSize: number;
  /** After this a follower hands a transaction to the leader. At most `requestComplainTimeout`. */
  readonly requestForwardTimeout: string;
  /** After this a follower complains about the leader. At most `requestAutoRemoveTimeout`. */
  readonly requestComplainTimeout: string;
  readonly requestAutoRemoveTimeout: string;
  /** At most `viewChangeTimeout`. */
  readonly viewChangeResendInterval: string;
  readonly viewChangeTimeout: string;
  readonly leaderHeartbeatTimeout: string;
  readonly leaderHeartbeatCount: number;
  readonly collectTimeout: string;
  /** Leave false: with true a restarted ordering service stalls. */
  readonly syncOnStart: boolean;
  readonly speedUpViewChange: boolean;
}

/** Fabric's defaults, save shorter timeouts: a killed leader then stalls the channel for 5 s instead of 23 s. */
export const DEFAULT_SMART_BFT: SmartBftOptions = {
  requestBatchMaxInterval: '200ms',
  incomingMessageBufferSize: 200,
  requestPoolSize: 100_000,
  requestForwardTimeout: '2s',
  requestComplainTimeout: '3s',
  requestAutoRemoveTimeout: '3m0s',
  viewChangeResendInterval: '5s',
  viewChangeTimeout: '6s',
  leaderHeartbeatTimeout: '5s',
  leaderHeartbeatCount: 10,
  collectTimeout: '1s',
  syncOnStart: false,
  speedUpViewChange: false,
};

/** The options as they stand in the metadata of the ConsensusType value. Leader rotation is off: Fabric 3.1 refuses it. */
export function smartBftMetadata(options: Partial<SmartBftOptions> = {}): Uint8Array {
  const all = { ...DEFAULT_SMART_BFT, ...options };
  const metadata = new orderer.smartbft.Options();
  metadata.setRequestBatchMaxInterval(all.requestBatchMaxInterval);
  metadata.setIncomingMessageBufferSize(all.incomingMessageBufferSize);
  metadata.setRequestPoolSize(all.requestPoolSize);
  metadata.setRequestForwardTimeout(all.requestForwardTimeout);
  metadata.setRequestComplainTimeout(all.requestComplainTimeout);
  metadata.setRequestAutoRemoveTimeout(all.requestAutoRemoveTimeout);
  metadata.setViewChangeResendInterval(all.viewChangeResendInterval);
  metadata.setViewChangeTimeout(all.viewChangeTimeout);
  metadata.setLeaderHeartbeatTimeout(all.leaderHeartbeatTimeout);
  metadata.setLeaderHeartbeatCount(all.leaderHeartbeatCount);
  metadata.setCollectTimeout(all.collectTimeout);
  metadata.setSyncOnStart(all.syncOnStart);
  metadata.setSpeedUpViewChange(all.speedUpViewChange);
  metadata.setLeaderRotation(orderer.smartbft.Options.Rotation.ROTATION_OFF);
  return metadata.serializeBinary();
}
