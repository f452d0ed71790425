/** What the embedded network and its parts are started with. */
import type { common } from '@hyperledger/fabric-protos';
import type { KeyPair, Signer } from 'umlauf-channel';
import type { ChaincodeHost } from './chaincode/stream.js';
import type { DefinitionInput } from './lifecycle/administration.js';
import type { ConsenterOptions } from './ordering/consenter-keys.js';
import type { Store } from './store/store.js';

/** Where the network says what happens. */
export interface Logger {
  debug(message: string): void;
  error(message: string): void;
}

export interface NetworkOptions {
  /** Where the channel begins. A store that holds the channel already must have begun with the same block. */
  readonly genesisBlock: common.Block;
  /** Closed when the network stops. */
  readonly store: Store;
  /**
   * The orderers' identities that this process can play; enough of them for the BlockValidation policy, whichever
   * configuration is in force.
   */
  readonly consenters: readonly ConsenterOptions[];
  /** Default: silence. */
  readonly logger?: Logger;
}

export interface JoinOptions {
  readonly mspId: string;
  readonly signing: KeyPair;
  readonly tls: KeyPair;
  /** PEM */
  readonly tlsRoots: readonly string[];
  /** The name that the TLS certificate and clients use; default `localhost`. The port is bound on loopback. */
  readonly host?: string;
  /** Default 0: any free one. */
  readonly port?: number;
}

export interface InstallOptions {
  readonly label: string;
  /** Folder of a built chaincode package with its package.json. */
  readonly path: string;
  /** The id of the package that peers elsewhere install for this code. Default: made of label and files. */
  readonly packageId?: string;
  /** Folders in which its dependencies are, if it has none of its own. */
  readonly dependencies?: readonly string[];
  /** Organizations whose peers have it; default: all, also those that join later. */
  readonly mspIds?: readonly string[];
  /** The same code, if it was loaded before (`loadChaincode`). It ends with the network. */
  readonly loaded?: ChaincodeHost;
}

export interface ServiceOptions {
  /** As the server names itself when it registers (fabric-shim: its ccid). */
  readonly packageId: string;
  /** `host:port` */
  readonly address: string;
  /** PEM of the TLS root of the server; without it the connection isn't encrypted. */
  readonly tlsRoot?: string;
  /** Organizations whose peers use it; default: all. */
  readonly mspIds?: readonly string[];
}

export interface ApproveOptions {
  readonly mspId: string;
  /** An admin of that organization, whose peer has joined. */
  readonly admin: Signer;
  readonly definition: DefinitionInput;
  readonly packageId: string;
}

export type CommitOptions = Omit<ApproveOptions, 'packageId'>;

export interface DeployOptions {
  readonly definition: DefinitionInput;
  readonly packageId: string;
  /** Admins by MSP id; their organizations' peers have joined. */
  readonly admins: ReadonlyMap<string, Signer>;
}
