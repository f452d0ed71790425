/** Proposals as the client library of Fabric makes them, and transactions as peers endorse them, for tests. */
import { Client, credentials } from '@grpc/grpc-js';
import { connect, hash } from '@hyperledger/fabric-gateway';
import { common, gateway, ledger, msp, peer } from '@hyperledger/fabric-protos';
import { createHash } from 'node:crypto';

const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
export const ASKED = {
  channel: 'umlauf',
  chaincode: 'cooperative',
  transaction: 'resolutions:vote',
  input: { id: 'admission-bavaria', choice: 'yes' } as unknown,
  mspId: 'ItdzBerlinMSP',
  certificate: CERTIFICATE,
};

/** `protos.Proposal` */
export function proposalOf(asked: typeof ASKED = ASKED): Uint8Array {
  const client = new Client('localhost:1', credentials.createInsecure());
  const proposal = connect({
    client,
    identity: { mspId: asked.mspId, credentials: Buffer.from(asked.certificate) },
    hash: hash.none,
  })
    .getNetwork(asked.channel)
    .getContract(asked.chaincode)
    .newProposal(asked.transaction, { arguments: [JSON.stringify(asked.input)] });
  client.close();
  const proposed = gateway.ProposedTransaction.deserializeBinary(proposal.getBytes());
  return proposed.getProposal()?.getProposalBytes_asU8() ?? new Uint8Array();
}

/** What endorsers answer; tests change its parts. */
export interface Answer {
  readonly response?: (payload: peer.ProposalResponsePayload) => void;
  readonly action?: (action: peer.ChaincodeAction) => void;
  readonly namespace?: string;
}

function effects(namespace: string): Uint8Array {
  const { KVRWSet, KVRead, KVWrite, Version } = ledger.rwset.kvrwset;
  const version = new Version();
  version.setBlockNum(12);
  const read = new KVRead();
  read.setKey('resolution/admission-bavaria');
  read.setVersion(version);
  const write = new KVWrite();
  write.setKey('\u0000ballot\u0000admission-bavaria\u0000');
  write.setValue(Buffer.from('{"choice":"yes"}'));
  const set = new KVRWSet();
  set.addReads(read);
  set.addWrites(write);
  const named = new ledger.rwset.NsReadWriteSet();
  named.setNamespace(namespace);
  named.setRwset(set.serializeBinary());
  const all = new ledger.rwset.TxReadWriteSet();
  all.addNsRwset(named);
  return all.serializeBinary();
}

/** `common.Payload` of a proposal, endorsed by two. */
export function transactionOf(
  proposalBytes: Uint8Array,
  { response, action: change, namespace = ASKED.chaincode }: Answer = {},
): Uint8Array {
  const proposal = peer.Proposal.deserializeBinary(proposalBytes);
  const header = common.Header.deserializeBinary(proposal.getHeader_asU8());
  const hashed = createHash('sha256')
    .update(header.getChannelHeader_asU8())
    .update(header.getSignatureHeader_asU8())
    .update(proposal.getPayload_asU8())
    .digest();

  const result = new peer.Response();
  result.setStatus(200);
  result.setPayload(Buffer.from('{"choice":"yes"}'));
  const chaincodeId = new peer.ChaincodeID();
  chaincodeId.setName(ASKED.chaincode);
  chaincodeId.setVersion('1.0');
  const action = new peer.ChaincodeAction();
  action.setResponse(result);
  action.setResults(effects(namespace));
  action.setChaincodeId(chaincodeId);
  change?.(action);
  const answer = new peer.ProposalResponsePayload();
  answer.setProposalHash(hashed);
  answer.setExtension$(action.serializeBinary());
  response?.(answer);

  const endorsed = new peer.ChaincodeEndorsedAction();
  endorsed.setProposalResponsePayload(answer.serializeBinary());
  for (const mspId of ['ItdzBerlinMSP', 'BundesdruckereiMSP']) {
    const endorser = new msp.SerializedIdentity();
    endorser.setMspid(mspId);
    endorser.setIdBytes(Buffer.from(CERTIFICATE));
    const endorsement = new peer.Endorsement();
    endorsement.setEndorser(endorser.serializeBinary());
    endorsement.setSignature(Buffer.from('signature'));
    endorsed.addEndorsements(endorsement);
  }
  const actionPayload = new peer.ChaincodeActionPayload();
  actionPayload.setChaincodeProposalPayload(proposal.getPayload_asU8());
  actionPayload.setAction(endorsed);
  const transactionAction = new peer.TransactionAction();
  transactionAction.setHeader(header.getSignatureHeader_asU8());
  transactionAction.setPayload(actionPayload.serializeBinary());
  const transaction = new peer.Transaction();
  transaction.addActions(transactionAction);
  const payload = new common.Payload();
  payload.setHeader(header);
  payload.setData(transaction.serializeBinary());
  return payload.serializeBinary();
}
