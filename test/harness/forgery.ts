/** Proposals and transactions that no honest client makes, and no honest peer endorses. */
import type { Gateway, Proposal, Transaction } from '@hyperledger/fabric-gateway';
import { common, gateway, ledger, peer } from '@hyperledger/fabric-protos';
import type { Signer } from 'umlauf-channel';

const { KVRWSet } = ledger.rwset.kvrwset;
type KVRWSet = ledger.rwset.kvrwset.KVRWSet;

/** The same proposal, as if made at another time. Its user signs it as it is. */
export function proposedAt(client: Gateway, honest: Proposal, at: Date): Proposal {
  const proposed = gateway.ProposedTransaction.deserializeBinary(honest.getBytes());
  const signed = present(proposed.getProposal());
  const proposal = peer.Proposal.deserializeBinary(signed.getProposalBytes_asU8());
  const header = common.Header.deserializeBinary(proposal.getHeader_asU8());
  const channelHeader = common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8());
  present(channelHeader.getTimestamp()).setSeconds(Math.floor(at.getTime() / 1000));
  header.setChannelHeader(channelHeader.serializeBinary());
  proposal.setHeader(header.serializeBinary());
  signed.setProposalBytes(proposal.serializeBinary());
  signed.setSignature('');
  return client.newProposal(proposed.serializeBinary());
}

/**
 * An endorsed transaction with other reads and writes, as peers endorse it that run a chaincode of their own. Its user
 * signs it as it is.
 * @param endorsers the peers in league
 * @param change what their chaincode would have read and written in the cooperative's namespace
 */
export function endorsedInLeague(
  client: Gateway,
  honest: Transaction,
  endorsers: readonly Signer[],
  chaincode: string,
  change: (set: KVRWSet) => void,
): Transaction {
  const prepared = gateway.PreparedTransaction.deserializeBinary(honest.getBytes());
  const envelope = present(prepared.getEnvelope());
  const payload = common.Payload.deserializeBinary(envelope.getPayload_asU8());
  const transaction = peer.Transaction.deserializeBinary(payload.getData_asU8());
  const action = present(transaction.getActionsList()[0]);
  const actionPayload = peer.ChaincodeActionPayload.deserializeBinary(action.getPayload_asU8());
  const endorsed = present(actionPayload.getAction());
  const response = peer.ProposalResponsePayload.deserializeBinary(endorsed.getProposalResponsePayload_asU8());
  const result = peer.ChaincodeAction.deserializeBinary(response.getExtension_asU8());

  result.setResults(changed(result.getResults_asU8(), chaincode, change));
  response.setExtension$(result.serializeBinary());
  const bytes = response.serializeBinary();
  endorsed.setProposalResponsePayload(bytes);
  endorsed.setEndorsementsList(endorsers.map((endorser) => endorsement(bytes, endorser)));
  actionPayload.setAction(endorsed);
  action.setPayload(actionPayload.serializeBinary());
  payload.setData(transaction.serializeBinary());
  envelope.setPayload(payload.serializeBinary());
  envelope.setSignature('');
  prepared.setEnvelope(envelope);
  return client.newTransaction(prepared.serializeBinary());
}

function changed(results: Uint8Array, chaincode: string, change: (set: KVRWSet) => void): Uint8Array {
  const all = ledger.rwset.TxReadWriteSet.deserializeBinary(results);
  const own = present(all.getNsRwsetList().find((entry) => entry.getNamespace() === chaincode));
  const set = KVRWSet.deserializeBinary(own.getRwset_asU8());
  change(set);
  own.setRwset(set.serializeBinary());
  return all.serializeBinary();
}

/** As a peer signs: what it answers, then who it is. */
function endorsement(response: Uint8Array, endorser: Signer): peer.Endorsement {
  const result = new peer.Endorsement();
  result.setEndorser(endorser.identity);
  result.setSignature(endorser.sign(Buffer.concat([response, endorser.identity])));
  return result;
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('an honest transaction has this');
  return value;
}
