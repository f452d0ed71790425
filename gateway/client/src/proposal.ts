/** What a proposal says, read from the bytes that its user signs (`protos.Proposal`). */
import { equal, hex, sha256 } from './bytes.js';
import * as fabric from './fabric-messages.js';
import { MalformedError } from './wire.js';

/** An act as its bytes say it. */
export interface ProposalContent {
  readonly channel: string;
  readonly chaincode: string;
  /** Name of the contract's transaction, such as `resolutions:vote`. */
  readonly transaction: string;
  /** The JSON value of its one argument. */
  readonly input: unknown;
  /** Whose act it is. */
  readonly creator: { readonly mspId: string; /** PEM */ readonly certificate: string };
  /** Computed from creator and nonce, as peers do. */
  readonly transactionId: string;
  /** The time that it will be recorded with. */
  readonly at: Date;
  /** SHA-256 (hex) by which its endorsers and every peer know it. */
  readonly proposalHash: string;
}

/** The parts that a transaction repeats. */
export interface ProposalParts {
  readonly channelHeader: Uint8Array;
  readonly signatureHeader: Uint8Array;
  /** `protos.ChaincodeProposalPayload`. */
  readonly payload: Uint8Array;
}

/** `common.HeaderType.ENDORSER_TRANSACTION` */
const ENDORSER_TRANSACTION = 3n;
/** What a `protos.ChaincodeID` may say: peers go by the name. */
interface NamedChaincode {
  readonly path: string;
  readonly name: string;
  readonly version: string;
}

/** The name of a chaincode that is named and nothing else. */
export function nameOf(chaincode: NamedChaincode | undefined, place: string): string {
  if (!chaincode || chaincode.path !== '' || chaincode.version !== '' || chaincode.name === '')
    throw new MalformedError(place, 'must be the name of a chaincode');
  return chaincode.name;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decoded(bytes: Uint8Array, place: string): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new MalformedError(place, 'is no UTF-8');
  }
}

function callOf(payload: Uint8Array): { chaincode: string; transaction: string; input: unknown } {
  const { input } = fabric.ChaincodeProposalPayload.read(payload);
  const spec = fabric.ChaincodeInvocationSpec.read(input).chaincodeSpec;
  const [name, argument, ...more] = spec?.input?.args ?? [];
  if (!name || !argument || more.length > 0)
    throw new MalformedError('arguments', 'must be the name of a transaction and its one input');
  try {
    return {
      chaincode: nameOf(spec?.chaincodeId, 'chaincode'),
      transaction: decoded(name, 'transaction'),
      input: JSON.parse(decoded(argument, 'input')),
    };
  } catch (error) {
    if (error instanceof SyntaxError) throw new MalformedError('input', 'is no JSON');
    throw error;
  }
}

/** Cuts a proposal into its parts. */
export function partsOf(bytes: Uint8Array): ProposalParts {
  const { header, payload } = fabric.Proposal.read(bytes);
  return { ...fabric.Header.read(header), payload };
}

/**
 * Reads the parts of a proposal.
 * @throws {MalformedError} if they don't say one act of one chaincode, wholly and consistently.
 */
export async function contentOf(parts: ProposalParts): Promise<ProposalContent> {
  const header = fabric.ChannelHeader.read(parts.channelHeader);
  const { creator, nonce } = fabric.SignatureHeader.read(parts.signatureHeader);
  const { mspId, idBytes } = fabric.SerializedIdentity.read(creator);
  const { chaincode, transaction, input } = callOf(parts.payload);

  if (header.type !== ENDORSER_TRANSACTION || header.version !== 0n || header.epoch !== 0n)
    throw new MalformedError('common.ChannelHeader', 'is not that of a transaction');
  if (nameOf(fabric.ChaincodeHeaderExtension.read(header.extension).chaincodeId, 'chaincode') !== chaincode)
    throw new MalformedError('chaincode', 'is another one in the header than in the call');
  const transactionId = hex(await sha256(nonce, creator));
  if (header.txId !== transactionId)
    throw new MalformedError('common.ChannelHeader.txId', 'does not follow from nonce and creator');
  if (!header.timestamp) throw new MalformedError('common.ChannelHeader.timestamp', 'is missing');
  const { seconds, nanos } = header.timestamp;
  if (seconds > 253_402_300_799n || nanos > 999_999_999n)
    throw new MalformedError('common.ChannelHeader.timestamp', 'is out of range');
  return {
    channel: header.channelId,
    chaincode,
    transaction,
    input,
    creator: { mspId, certificate: idBytes },
    transactionId,
    at: new Date(Number(seconds) * 1_000 + Math.floor(Number(nanos) / 1_000_000)),
    proposalHash: hex(await proposalHash(parts)),
  };
}

/** What endorsers sign as the hash of the proposal. */
export const proposalHash = ({ channelHeader, signatureHeader, payload }: ProposalParts) =>
  sha256(channelHeader, signatureHeader, payload);

/** Whether two proposals are the same. */
export const sameParts = (a: ProposalParts, b: ProposalParts): boolean =>
  equal(a.channelHeader, b.channelHeader) &&
  equal(a.signatureHeader, b.signatureHeader) &&
  equal(a.payload, b.payload);

/**
 * Reads a proposal.
 * @param bytes `protos.Proposal`: what is signed first.
 * @throws {MalformedError} if it isn't one act of one chaincode, wholly and consistently.
 */
export const readProposal = (bytes: Uint8Array): Promise<ProposalContent> => contentOf(partsOf(bytes));
