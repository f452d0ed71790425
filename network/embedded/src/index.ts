/**
 * The embedded network: a Fabric channel in one Node process, for development, demonstrations and tests. Unmodified
 * clients and unmodified chaincode run on it; where it differs from real Fabric, it is wrong.
 */
export { EmbeddedNetwork, startNetwork } from './network.js';
export { loadChaincode } from './chaincode/worker-host.js';
export type { ChaincodeHost } from './chaincode/stream.js';
export type {
  ApproveOptions,
  CommitOptions,
  DeployOptions,
  InstallOptions,
  JoinOptions,
  Logger,
  NetworkOptions,
  ServiceOptions,
} from './network-options.js';
export type { ConsenterOptions } from './ordering/consenter-keys.js';
export type { EmbeddedPeer, Endpoint } from './peer/peer.js';
export type { DefinitionInput } from './lifecycle/administration.js';
export { BroadcastError } from './ordering/filters.js';
export { memoryStore } from './store/memory.js';
export { levelStore } from './store/level.js';
export type { Store } from './store/store.js';
export { BlockReplay, type ReplayedBlock } from './validation/replay.js';
export type { ValidatedTransaction } from './validation/block.js';
export type { NamespaceRwSet, OpenedEnvelope, TransactionAction } from './protocol/envelope.js';
export { codeName } from './protocol/codes.js';
