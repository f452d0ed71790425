/** A peer as the gateways of the network see it. */
import type { peer } from '@hyperledger/fabric-protos';
import type { PublishedChaincode } from '../discovery/membership.js';
import type { ErrorDetail } from '../protocol/grpc-error.js';

export interface EndorsingPeer {
  readonly mspId: string;
  /** `host:port`, as other nodes know it. */
  readonly address: string;
  /** Its `msp.SerializedIdentity`. */
  readonly identity: Uint8Array;
  /** Running, and of an organization that belongs to the channel. */
  readonly isAvailable: boolean;
  /** Whether it has the chaincode, approved and installed; system chaincodes every peer has. */
  canRun(chaincode: string): boolean;
  /** The chaincodes that it can run, as it tells the other peers. */
  published(): Promise<readonly PublishedChaincode[]>;
  /** Signs with the peer's key. */
  sign(message: Uint8Array): Uint8Array;
  processProposal(proposal: peer.SignedProposal): Promise<peer.ProposalResponse>;
}

export const errorDetail = ({ address, mspId }: EndorsingPeer, message: string): ErrorDetail => ({
  address,
  mspId,
  message,
});
