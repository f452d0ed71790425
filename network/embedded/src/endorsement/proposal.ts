/** Takes a signed proposal apart (Fabric: UnpackProposal). */
import { createHash } from 'node:crypto';
import { common, peer } from '@hyperledger/fabric-protos';

export interface UnpackedProposal {
  readonly signed: peer.SignedProposal;
  readonly channelHeader: common.ChannelHeader;
  readonly signatureHeader: common.SignatureHeader;
  readonly header: common.Header;
  readonly chaincodeName: string;
  readonly input: peer.ChaincodeInput;
  /** The invocation spec as it was sent: what goes into the transaction. */
  readonly inputBytes: Uint8Array;
  readonly hasTransientData: boolean;
  /** SHA-256 over both headers and the payload without its transient part; ties the endorsements to the proposal. */
  readonly hash: Uint8Array;
}

/** A request that doesn't even hold a proposal. */
export class ProposalFormatError extends Error {
  override readonly name = 'ProposalFormatError';
}

// All peers of this process are given the same object: it is taken apart once.
const unpacked = new WeakMap<peer.SignedProposal, UnpackedProposal>();

/** @throws ProposalFormatError with Fabric's wording. */
export function unpackProposal(signed: peer.SignedProposal): UnpackedProposal {
  const known = unpacked.get(signed);
  if (known !== undefined) return known;
  const result = unpack(signed);
  unpacked.set(signed, result);
  return result;
}

function unpack(signed: peer.SignedProposal): UnpackedProposal {
  const proposal = read('Proposal', peer.Proposal, signed.getProposalBytes_asU8());
  const header = read('Header', common.Header, proposal.getHeader_asU8());
  const channelHeader = read('ChannelHeader', common.ChannelHeader, header.getChannelHeader_asU8());
  const signatureHeader = read('SignatureHeader', common.SignatureHeader, header.getSignatureHeader_asU8());
  const extension = read(
    'ChaincodeHeaderExtension',
    peer.ChaincodeHeaderExtension,
    channelHeader.getExtension_asU8(),
  );
  const id = extension.getChaincodeId();
  if (id === undefined) throw new ProposalFormatError('ChaincodeHeaderExtension.ChaincodeId is nil');
  if (id.getName() === '')
    throw new ProposalFormatError('ChaincodeHeaderExtension.ChaincodeId.Name is empty');
  const payload = read('ChaincodeProposalPayload', peer.ChaincodeProposalPayload, proposal.getPayload_asU8());
  const inputBytes = payload.getInput_asU8();
  const spec = read('ChaincodeInvocationSpec', peer.ChaincodeInvocationSpec, inputBytes).getChaincodeSpec();
  if (spec === undefined) {
    throw new ProposalFormatError('chaincode invocation spec did not contain chaincode spec');
  }
  const input = spec.getInput();
  if (input === undefined) throw new ProposalFormatError('chaincode input did not contain any input');
  return {
    signed,
    channelHeader,
    signatureHeader,
    header,
    chaincodeName: id.getName(),
    input,
    inputBytes,
    hasTransientData: payload.getTransientmapMap().getLength() > 0,
    hash: proposalHash(header, inputBytes),
  };
}

function proposalHash(header: common.Header, inputBytes: Uint8Array): Uint8Array {
  return createHash('sha256')
    .update(header.getChannelHeader_asU8())
    .update(header.getSignatureHeader_asU8())
    .update(payloadWithoutTransient(inputBytes))
    .digest();
}

/** The part of the payload that becomes part of the transaction. */
export function payloadWithoutTransient(inputBytes: Uint8Array): Uint8Array {
  const payload = new peer.ChaincodeProposalPayload();
  payload.setInput(inputBytes);
  return payload.serializeBinary();
}

function read<T>(name: string, type: { deserializeBinary(bytes: Uint8Array): T }, bytes: Uint8Array): T {
  try {
    return type.deserializeBinary(bytes);
  } catch {
    throw new ProposalFormatError(`error unmarshalling ${name}`);
  }
}
