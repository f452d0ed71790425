import { common, peer } from '@hyperledger/fabric-protos';
import timestampProto from 'google-protobuf/google/protobuf/timestamp_pb.js';
import { assembleTransaction, createNonce, transactionId, type Signer } from 'umlauf-channel';

export interface ProposalContent {
  /** Empty: addressed to the peer itself, not to a channel. */
  readonly channel: string;
  readonly chaincode: string;
  /** The function's name first. */
  readonly args: readonly (string | Uint8Array)[];
}

export interface Proposal {
  readonly transactionId: string;
  readonly bytes: Uint8Array;
  readonly signed: peer.SignedProposal;
}

/** A proposal, signed: what a peer is asked to simulate (protoutil/proputils.go). */
export function createProposal(content: ProposalContent, signer: Signer): Proposal {
  const signatureHeader = new common.SignatureHeader();
  signatureHeader.setCreator(signer.identity);
  signatureHeader.setNonce(createNonce());
  const id = transactionId(signatureHeader.getNonce_asU8(), signer.identity);

  const header = new common.Header();
  header.setChannelHeader(channelHeader(content, id).serializeBinary());
  header.setSignatureHeader(signatureHeader.serializeBinary());
  const payload = new peer.ChaincodeProposalPayload();
  payload.setInput(invocation(content).serializeBinary());
  const proposal = new peer.Proposal();
  proposal.setHeader(header.serializeBinary());
  proposal.setPayload(payload.serializeBinary());

  const bytes = proposal.serializeBinary();
  const signed = new peer.SignedProposal();
  signed.setProposalBytes(bytes);
  signed.setSignature(signer.sign(bytes));
  return { transactionId: id, bytes, signed };
}

/**
 * A transaction from a proposal and the answers of its endorsers, all of one content (protoutil/txutils.go).
 */
export function createTransaction(
  { bytes }: Proposal,
  responses: readonly peer.ProposalResponse[],
  signer: Signer,
): common.Envelope {
  const proposal = peer.Proposal.deserializeBinary(bytes);
  const envelope = assembleTransaction({
    header: common.Header.deserializeBinary(proposal.getHeader_asU8()),
    proposalPayload: proposal.getPayload_asU8(),
    responsePayload: responses[0]?.getPayload_asU8() ?? new Uint8Array(),
    endorsements: responses.flatMap((response) => response.getEndorsement() ?? []),
  });
  envelope.setSignature(signer.sign(envelope.getPayload_asU8()));
  return envelope;
}

function channelHeader({ channel, chaincode }: ProposalContent, id: string): common.ChannelHeader {
  const now = Date.now();
  const timestamp = new timestampProto.Timestamp();
  timestamp.setSeconds(Math.floor(now / 1000));
  timestamp.setNanos((now % 1000) * 1_000_000);
  const chaincodeId = new peer.ChaincodeID();
  chaincodeId.setName(chaincode);
  const extension = new peer.ChaincodeHeaderExtension();
  extension.setChaincodeId(chaincodeId);
  const result = new common.ChannelHeader();
  result.setType(common.HeaderType.ENDORSER_TRANSACTION);
  result.setTxId(id);
  result.setTimestamp(timestamp);
  result.setChannelId(channel);
  result.setExtension$(extension.serializeBinary());
  return result;
}

function invocation({ chaincode, args }: ProposalContent): peer.ChaincodeInvocationSpec {
  const chaincodeId = new peer.ChaincodeID();
  chaincodeId.setName(chaincode);
  const input = new peer.ChaincodeInput();
  input.setArgsList(args.map((arg) => (typeof arg === 'string' ? Buffer.from(arg) : arg)));
  const spec = new peer.ChaincodeSpec();
  spec.setType(peer.ChaincodeSpec.Type.NODE);
  spec.setChaincodeId(chaincodeId);
  spec.setInput(input);
  const result = new peer.ChaincodeInvocationSpec();
  result.setChaincodeSpec(spec);
  return result;
}
