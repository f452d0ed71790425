import { orderer } from '@hyperledger/fabric-protos';

/**
 * Options of the SmartBFT consensus. Durations are Go durations (`200ms`, `3s`). How many transactions and bytes make
 * a block isn't among them: Fabric takes those from BatchSize (orderer/consensus/smartbft, createSmartBftConfig).
 */
interface SmartBftOptions {
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
const OPTIONS: SmartBftOptions = {
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

/**
 * The options as they stand in the metadata of the ConsensusType value. Leader rotation is off: Fabric 3.1 refuses it.
 * @param blockInterval how long the leader gathers transactions, a Go duration
 */
export function smartBftMetadata(blockInterval: string): Uint8Array {
  const metadata = new orderer.smartbft.Options();
  metadata.setRequestBatchMaxInterval(blockInterval);
  metadata.setIncomingMessageBufferSize(OPTIONS.incomingMessageBufferSize);
  metadata.setRequestPoolSize(OPTIONS.requestPoolSize);
  metadata.setRequestForwardTimeout(OPTIONS.requestForwardTimeout);
  metadata.setRequestComplainTimeout(OPTIONS.requestComplainTimeout);
  metadata.setRequestAutoRemoveTimeout(OPTIONS.requestAutoRemoveTimeout);
  metadata.setViewChangeResendInterval(OPTIONS.viewChangeResendInterval);
  metadata.setViewChangeTimeout(OPTIONS.viewChangeTimeout);
  metadata.setLeaderHeartbeatTimeout(OPTIONS.leaderHeartbeatTimeout);
  metadata.setLeaderHeartbeatCount(OPTIONS.leaderHeartbeatCount);
  metadata.setCollectTimeout(OPTIONS.collectTimeout);
  metadata.setSyncOnStart(OPTIONS.syncOnStart);
  metadata.setSpeedUpViewChange(OPTIONS.speedUpViewChange);
  metadata.setLeaderRotation(orderer.smartbft.Options.Rotation.ROTATION_OFF);
  return metadata.serializeBinary();
}
