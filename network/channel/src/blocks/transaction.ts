import { common, peer } from '@hyperledger/fabric-protos';
import type { Signer } from '../signing/signer.js';

/** What a transaction is put together from. */
export interface TransactionContent {
  /** The proposal's header. */
  readonly header: common.Header;
  /** A serialised `peer.ChaincodeProposalPayload`, without transient data. */
  readonly proposalPayload: Uint8Array;
  /** The serialised `peer.ProposalResponsePayload` that all endorsers signed. */
  readonly responsePayload: Uint8Array;
  readonly endorsements: readonly peer.Endorsement[];
}

/** Puts an endorsed transaction together; its creator has yet to sign the envelope (Fabric: protoutil/txutils.go). */
export function assembleTransaction(content: TransactionContent): common.Envelope {
  const { header } = content;
  const endorsed = new peer.ChaincodeEndorsedAction();
  endorsed.setProposalResponsePayload(content.responsePayload);
  endorsed.setEndorsementsList([...content.endorsements]);
  const actionPayload = new peer.ChaincodeActionPayload();
  actionPayload.setChaincodeProposalPayload(content.proposalPayload);
  actionPayload.setAction(endorsed);
  const action = new peer.TransactionAction();
  action.setHeader(header.getSignatureHeader_asU8());
  action.setPayload(actionPayload.serializeBinary());
  const transaction = new peer.Transaction();
  transaction.setActionsList([action]);
  const payload = new common.Payload();
  payload.setHeader(header);
  payload.setData(transaction.serializeBinary());
  const envelope = new common.Envelope();
  envelope.setPayload(payload.serializeBinary());
  return envelope;
}

/** A peer's signature on what a simulation has come to: it covers the payload and the peer's identity. */
export function endorsePayload(responsePayload: Uint8Array, signer: Signer): peer.Endorsement {
  const endorsement = new peer.Endorsement();
  endorsement.setEndorser(signer.identity);
  endorsement.setSignature(signer.sign(Buffer.concat([responsePayload, signer.identity])));
  return endorsement;
}
