/** Endorser transactions made by hand, so that single things can be wrong with them. */
import { common, ledger, peer } from '@hyperledger/fabric-protos';
import { assembleTransaction, endorsePayload, type Signer } from 'umlauf-channel';
import { payloadWithoutTransient, unpackProposal } from '../endorsement/proposal.js';
import { RwSetBuilder } from '../ledger/rwset-builder.js';
import { signedProposal } from '../protocol/proposal-builder.js';

export interface TransactionParts {
  readonly creator: Signer;
  readonly endorsers: readonly Signer[];
  readonly channelId: string;
  readonly chaincode: string;
  /** What the simulation has read and written. */
  readonly record: (builder: RwSetBuilder) => void;
  /** Last chances to spoil something. */
  readonly changeResults?: (results: ledger.rwset.TxReadWriteSet) => void;
  readonly changeAction?: (action: peer.ChaincodeAction) => void;
  readonly changeHeader?: (header: common.ChannelHeader) => void;
  readonly changeResponse?: (response: peer.ProposalResponsePayload) => void;
  readonly changeEnvelope?: (envelope: common.Envelope) => void;
}

export function transactionBytes(parts: TransactionParts): Uint8Array {
  const { channelId, chaincode, creator } = parts;
  const { signed } = signedProposal({ channelId, chaincode, args: [] }, creator);
  const { channelHeader, header, inputBytes, hash } = unpackProposal(signed);

  const builder = new RwSetBuilder();
  parts.record(builder);
  const results = builder.publicResults();
  parts.changeResults?.(results);
  const id = new peer.ChaincodeID();
  id.setName(chaincode);
  id.setVersion('1');
  const action = new peer.ChaincodeAction();
  action.setChaincodeId(id);
  action.setResults(results.serializeBinary());
  parts.changeAction?.(action);
  const response = new peer.ProposalResponsePayload();
  response.setProposalHash(hash);
  response.setExtension$(action.serializeBinary());
  parts.changeResponse?.(response);

  if (parts.changeHeader !== undefined) {
    parts.changeHeader(channelHeader);
    header.setChannelHeader(channelHeader.serializeBinary());
  }
  const responsePayload = response.serializeBinary();
  const envelope = assembleTransaction({
    header,
    proposalPayload: payloadWithoutTransient(inputBytes),
    responsePayload,
    endorsements: parts.endorsers.map((endorser) => endorsePayload(responsePayload, endorser)),
  });
  envelope.setSignature(creator.sign(envelope.getPayload_asU8()));
  parts.changeEnvelope?.(envelope);
  return envelope.serializeBinary();
}
