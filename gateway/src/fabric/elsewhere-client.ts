/**
 * Proposals and transactions of those who sign elsewhere, over the client library's offline signing: the bytes to be signed
 * leave this process, and come back with a signature.
 */
import { connect, hash, type Gateway } from '@hyperledger/fabric-gateway';
import { common, gateway as proto, peer } from '@hyperledger/fabric-protos';
import { deadlineIn, type Connection } from './connection.js';
import { proposalBytes } from './envelope.js';
import type { Deadlines } from './sdk-client.js';

/** A proposal that its user has signed. */
export interface SignedProposal {
  readonly transactionId: string;
  /** `protos.Proposal` */
  readonly bytes: Uint8Array;
  readonly signature: Uint8Array;
}

/** A transaction that its user has signed; in Base64, as it is kept until it is known what became of it. */
export interface SignedTransaction {
  readonly transactionId: string;
  /** By which it is known again in a block. */
  readonly proposalHash: string;
  /** Base64 of `common.Payload`. */
  readonly payload: string;
  /** Base64. */
  readonly signature: string;
}

/** What a gateway needs of Fabric for keys that it doesn't have. */
export interface ElsewhereClient {
  /** Makes `protos.Proposal`, to be signed by the certificate's owner. */
  propose(certificate: string, transaction: string, input: string): Uint8Array;
  /**
   * Has a proposal endorsed.
   * @param endorsers MSP ids that have to endorse; absent: the peer works them out.
   * @returns `common.Payload`, to be signed by the same.
   */
  endorse(proposal: SignedProposal, endorsers?: readonly string[]): Promise<Uint8Array>;
  /** Hands a transaction to the orderers. Failing says nothing about the outcome. */
  submit(transaction: SignedTransaction): Promise<void>;
}

/** What an {@link OfflineClient} is made of. */
export interface OfflineClientOptions {
  readonly connection: Connection;
  readonly mspId: string;
  readonly channel: string;
  readonly chaincode: string;
  readonly deadlines: Pick<Deadlines, 'endorseMs' | 'submitMs'>;
  /** Makes a call, and opens the connection anew if it got stuck. */
  readonly guarded: <T>(step: 'endorse' | 'submit', call: () => Promise<T>) => Promise<T>;
}

/** {@link ElsewhereClient} over the unmodified client library. */
export class OfflineClient implements ElsewhereClient {
  constructor(private readonly options: OfflineClientOptions) {}

  propose(certificate: string, transaction: string, input: string): Uint8Array {
    const { channel, chaincode } = this.options;
    const contract = this.#gateway(certificate).getNetwork(channel).getContract(chaincode);
    return proposalBytes(contract.newProposal(transaction, { arguments: [input] }).getBytes());
  }

  async endorse(
    { transactionId, bytes, signature }: SignedProposal,
    endorsers: readonly string[] = [],
  ): Promise<Uint8Array> {
    const { deadlines, guarded } = this.options;
    const unsigned = new peer.SignedProposal();
    unsigned.setProposalBytes(bytes);
    const proposed = new proto.ProposedTransaction();
    proposed.setTransactionId(transactionId);
    proposed.setProposal(unsigned);
    proposed.setEndorsingOrganizationsList([...endorsers]);
    const proposal = this.#gateway().newSignedProposal(proposed.serializeBinary(), signature);
    const transaction = await guarded('endorse', () => proposal.endorse(deadlineIn(deadlines.endorseMs)));
    const prepared = proto.PreparedTransaction.deserializeBinary(transaction.getBytes());
    return prepared.getEnvelope()?.getPayload_asU8() ?? new Uint8Array();
  }

  async submit({ transactionId, payload, signature }: SignedTransaction): Promise<void> {
    const { deadlines, guarded } = this.options;
    const envelope = new common.Envelope();
    envelope.setPayload(payload);
    const prepared = new proto.PreparedTransaction();
    prepared.setTransactionId(transactionId);
    prepared.setEnvelope(envelope);
    const transaction = this.#gateway().newSignedTransaction(
      prepared.serializeBinary(),
      Buffer.from(signature, 'base64'),
    );
    await guarded('submit', () => transaction.submit(deadlineIn(deadlines.submitMs)));
  }

  /** One without a key; whose certificate it is matters to new proposals alone. */
  #gateway(certificate = ''): Gateway {
    const { connection, mspId } = this.options;
    const identity = { mspId, credentials: Buffer.from(certificate) };
    return connect({ client: connection.client, identity, hash: hash.none });
  }
}
