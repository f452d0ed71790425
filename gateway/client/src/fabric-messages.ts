/**
 * The messages of Hyperledger Fabric that a proposal and a transaction are made of, with the fields that an act of the
 * cooperative uses. What is left out is refused where it turns up: transient data (not signed by anybody), decorations,
 * private collections, a binding to a TLS certificate.
 *
 * Names and numbers are those of fabric-protos: `common/common.proto`, `msp/identities.proto`, `peer/*.proto`,
 * `ledger/rwset/**.proto`.
 */
import { bytes, flag, integer, many, manyBytes, message, text, within } from './wire.js';

export const Header = message('common.Header', { channelHeader: [1, bytes], signatureHeader: [2, bytes] });
const Timestamp = message('Timestamp', { seconds: [1, integer], nanos: [2, integer] });
export const ChannelHeader = message('common.ChannelHeader', {
  type: [1, integer],
  version: [2, integer],
  timestamp: [3, within(Timestamp)],
  channelId: [4, text],
  txId: [5, text],
  epoch: [6, integer],
  extension: [7, bytes],
});
export const SignatureHeader = message('common.SignatureHeader', { creator: [1, bytes], nonce: [2, bytes] });
export const SerializedIdentity = message('msp.SerializedIdentity', { mspId: [1, text], idBytes: [2, text] });

const ChaincodeId = message('protos.ChaincodeID', { path: [1, text], name: [2, text], version: [3, text] });
export const ChaincodeHeaderExtension = message('protos.ChaincodeHeaderExtension', {
  chaincodeId: [2, within(ChaincodeId)],
});
const ChaincodeInput = message('protos.ChaincodeInput', { args: [1, manyBytes] });
const ChaincodeSpec = message('protos.ChaincodeSpec', {
  type: [1, integer],
  chaincodeId: [2, within(ChaincodeId)],
  input: [3, within(ChaincodeInput)],
});
export const ChaincodeInvocationSpec = message('protos.ChaincodeInvocationSpec', {
  chaincodeSpec: [1, within(ChaincodeSpec)],
});
export const ChaincodeProposalPayload = message('protos.ChaincodeProposalPayload', { input: [1, bytes] });
export const Proposal = message('protos.Proposal', { header: [1, bytes], payload: [2, bytes] });

export const Payload = message('common.Payload', { header: [1, within(Header)], data: [2, bytes] });
const TransactionAction = message('protos.TransactionAction', { header: [1, bytes], payload: [2, bytes] });
export const Transaction = message('protos.Transaction', { actions: [1, many(TransactionAction)] });
const Endorsement = message('protos.Endorsement', { endorser: [1, bytes], signature: [2, bytes] });
const ChaincodeEndorsedAction = message('protos.ChaincodeEndorsedAction', {
  proposalResponsePayload: [1, bytes],
  endorsements: [2, many(Endorsement)],
});
export const ChaincodeActionPayload = message('protos.ChaincodeActionPayload', {
  chaincodeProposalPayload: [1, bytes],
  action: [2, within(ChaincodeEndorsedAction)],
});
export const ProposalResponsePayload = message('protos.ProposalResponsePayload', {
  proposalHash: [1, bytes],
  extension: [2, bytes],
});
const Response = message('protos.Response', {
  status: [1, integer],
  message: [2, text],
  payload: [3, bytes],
});
export const ChaincodeAction = message('protos.ChaincodeAction', {
  results: [1, bytes],
  events: [2, bytes],
  response: [3, within(Response)],
  chaincodeId: [4, within(ChaincodeId)],
});
export const ChaincodeEvent = message('protos.ChaincodeEvent', {
  chaincodeId: [1, text],
  txId: [2, text],
  eventName: [3, text],
  payload: [4, bytes],
});

const Namespace = message('rwset.NsReadWriteSet', { namespace: [1, text], rwset: [2, bytes] });
export const TxReadWriteSet = message('rwset.TxReadWriteSet', {
  dataModel: [1, integer],
  namespaces: [2, many(Namespace)],
});
const Version = message('kvrwset.Version', { blockNumber: [1, integer], transactionNumber: [2, integer] });
const KeyRead = message('kvrwset.KVRead', { key: [1, text], version: [2, within(Version)] });
const RawReads = message('kvrwset.QueryReads', { reads: [1, many(KeyRead)] });
const MerkleReads = message('kvrwset.QueryReadsMerkleSummary', {
  maxDegree: [1, integer],
  maxLevel: [2, integer],
  maxLevelHashes: [3, manyBytes],
});
const RangeQuery = message('kvrwset.RangeQueryInfo', {
  startKey: [1, text],
  endKey: [2, text],
  exhausted: [3, flag],
  rawReads: [4, within(RawReads)],
  merkleReads: [5, within(MerkleReads)],
});
const KeyWrite = message('kvrwset.KVWrite', { key: [1, text], isDelete: [2, flag], value: [3, bytes] });
const MetadataEntry = message('kvrwset.KVMetadataEntry', { name: [1, text], value: [2, bytes] });
const MetadataWrite = message('kvrwset.KVMetadataWrite', {
  key: [1, text],
  entries: [2, many(MetadataEntry)],
});
export const KeyValueSet = message('kvrwset.KVRWSet', {
  reads: [1, many(KeyRead)],
  rangeQueries: [2, many(RangeQuery)],
  writes: [3, many(KeyWrite)],
  metadataWrites: [4, many(MetadataWrite)],
});
