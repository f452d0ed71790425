/** Proposals and transactions that no honest client makes. */
import type { Proposal, Transaction } from '@hyperledger/fabric-gateway';
import { common, gateway, peer } from '@hyperledger/fabric-protos';
import { CHAINCODE } from './networks/network.js';
import type { Stage } from './stage.js';

/** A write of the test chaincode as if proposed at another time. */
export function proposalAt(stage: Stage, time: Date, endorsingOrganizations: string[]): Proposal {
  return changedProposal(stage, endorsingOrganizations, (header) => {
    const timestamp = header.getTimestamp()!;
    timestamp.setSeconds(Math.floor(time.getTime() / 1000));
    header.setTimestamp(timestamp);
  });
}

/** A write of the test chaincode with another channel header; the user signs it as it is. */
export function changedProposal(
  stage: Stage,
  endorsingOrganizations: string[],
  change: (header: common.ChannelHeader) => void,
): Proposal {
  const honest = stage.contract(CHAINCODE).newProposal('put', {
    arguments: ['changed-proposal', 'x'],
    ...(endorsingOrganizations.length === 0 ? {} : { endorsingOrganizations }),
  });
  const proposed = gateway.ProposedTransaction.deserializeBinary(honest.getBytes());
  const signed = proposed.getProposal()!;
  const proposal = peer.Proposal.deserializeBinary(signed.getProposalBytes_asU8());
  const header = common.Header.deserializeBinary(proposal.getHeader_asU8());
  const channelHeader = common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8());
  change(channelHeader);
  header.setChannelHeader(channelHeader.serializeBinary());
  proposal.setHeader(header.serializeBinary());
  signed.setProposalBytes(proposal.serializeBinary());
  return stage.clients.gateway(1).newProposal(proposed.serializeBinary());
}

/** The parts of an endorsed transaction that can be changed after the endorsement. */
export interface TransactionParts {
  readonly channelHeader: common.ChannelHeader;
  readonly signatureHeader: common.SignatureHeader;
  readonly action: peer.ChaincodeActionPayload;
  readonly endorsed: peer.ChaincodeEndorsedAction;
}

/** An endorsed transaction, changed; its user signs it as it is. */
export function changedTransaction(
  stage: Stage,
  transaction: Transaction,
  change: (parts: TransactionParts) => void,
): Transaction {
  const prepared = gateway.PreparedTransaction.deserializeBinary(transaction.getBytes());
  const envelope = prepared.getEnvelope()!;
  const payload = common.Payload.deserializeBinary(envelope.getPayload_asU8());
  const header = payload.getHeader()!;
  const channelHeader = common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8());
  const signatureHeader = common.SignatureHeader.deserializeBinary(header.getSignatureHeader_asU8());
  const content = peer.Transaction.deserializeBinary(payload.getData_asU8());
  const [first] = content.getActionsList();
  const action = peer.ChaincodeActionPayload.deserializeBinary(first!.getPayload_asU8());
  const endorsed = action.getAction()!;
  change({ channelHeader, signatureHeader, action, endorsed });
  action.setAction(endorsed);
  first!.setPayload(action.serializeBinary());
  payload.setData(content.serializeBinary());
  header.setChannelHeader(channelHeader.serializeBinary());
  header.setSignatureHeader(signatureHeader.serializeBinary());
  payload.setHeader(header);
  envelope.setPayload(payload.serializeBinary());
  prepared.setEnvelope(envelope);
  prepared.setTransactionId(channelHeader.getTxId());
  return stage.clients.gateway(1).newTransaction(prepared.serializeBinary());
}
