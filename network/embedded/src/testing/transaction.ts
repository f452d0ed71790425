/** Endorser transactions made by hand, so that single things can be wrong with them. */
import { common, ledger, peer } from '@hyperledger/fabric-protos';
import type { Signer } from 'umlauf-channel';
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

  const endorsed = new peer.ChaincodeEndorsedAction();
  endorsed.setProposalResponsePayload(response.serializeBinary());
  for (const endorser of parts.endorsers) {
    const endorsement = new peer.Endorsement();
    endorsement.setEndorser(endorser.identity);
    endorsement.setSignature(endorser.sign(Buffer.concat([response.serializeBinary(), endorser.identity])));
    endorsed.addEndorsements(endorsement);
  }
  const payload = new peer.ChaincodeActionPayload();
  payload.setChaincodeProposalPayload(payloadWithoutTransient(inputBytes));
  payload.setAction(endorsed);
  const transactionAction = new peer.TransactionAction();
  transactionAction.setHeader(header.getSignatureHeader_asU8());
  transactionAction.setPayload(payload.serializeBinary());
  const transaction = new peer.Transaction();
  transaction.setActionsList([transactionAction]);

  if (parts.changeHeader !== undefined) {
    parts.changeHeader(channelHeader);
    header.setChannelHeader(channelHeader.serializeBinary());
  }
  const content = new common.Payload();
  content.setHeader(header);
  content.setData(transaction.serializeBinary());
  const envelope = new common.Envelope();
  envelope.setPayload(content.serializeBinary());
  envelope.setSignature(creator.sign(envelope.getPayload_asU8()));
  parts.changeEnvelope?.(envelope);
  return envelope.serializeBinary();
}
