/**
 * What a peer asks of a proposal before it runs it: the timestamp (Fabric: the auth filters), form, id, creator and
 * signature (UnpackedProposal.Validate), uniqueness and the right to propose (Endorser.preProcess).
 */
import { common, msp } from '@hyperledger/fabric-protos';
import { transactionId } from 'umlauf-channel';
import type { ChannelConfig, Identity } from 'umlauf-channel';
import { headerTypeName } from '../protocol/codes.js';
import { hasExpired, verifyOnce } from '../protocol/signatures.js';
import type { UnpackedProposal } from './proposal.js';

/** The peer answers with an error instead of a proposal response. */
export class ProposalError extends Error {
  override readonly name = 'ProposalError';
}

/** A filter in front of the endorser refuses: not even an empty proposal response comes back. */
export class FilterError extends Error {
  override readonly name = 'FilterError';
}

/** `peer.authentication.timewindow` of Fabric's sample configuration: 15 minutes. */
const TIME_WINDOW_MS = 15 * 60 * 1000;

const seconds = (time: number): string => new Date(time).toISOString().replace(/\.\d{3}Z$/, 'Z');

/** @throws FilterError if the proposal's time is off this peer's clock by more than the window. */
export function checkTimeWindow({ channelHeader }: UnpackedProposal, now: number): void {
  const time = channelHeader.getTimestamp()?.toDate().getTime() ?? 0;
  if (Math.abs(time - now) <= TIME_WINDOW_MS) return;
  throw new FilterError(
    `request unauthorized due to incorrect timestamp ${seconds(time)}, peer time ${seconds(now)}, peer.authentication.timewindow 15m0s`,
  );
}

/** @throws FilterError if the certificate of who proposes has expired; who that is isn't asked yet. */
export function checkExpiry({ signatureHeader }: UnpackedProposal, config: ChannelConfig, now: number): void {
  if (hasExpired(signatureHeader.getCreator_asU8(), config, new Date(now)))
    throw new FilterError('proposal client identity expired');
}

const { ENDORSER_TRANSACTION, CONFIG } = common.HeaderType;
const verified = new WeakMap<UnpackedProposal, WeakMap<ChannelConfig, Identity>>();

/**
 * Checks headers, id, creator and signature.
 * @throws ProposalError
 */
export function checkProposal(proposal: UnpackedProposal, config: ChannelConfig): Identity {
  const known = verified.get(proposal) ?? new WeakMap<ChannelConfig, Identity>();
  verified.set(proposal, known);
  const creator = known.get(config) ?? check(proposal, config);
  known.set(config, creator);
  return creator;
}

function check(
  { channelHeader, signatureHeader, signed }: UnpackedProposal,
  config: ChannelConfig,
): Identity {
  const invalid = (reason: string): ProposalError =>
    new ProposalError(`error validating proposal: ${reason}`);
  const type = channelHeader.getType();
  const creator = signatureHeader.getCreator_asU8();
  const nonce = signatureHeader.getNonce_asU8();
  if (type !== ENDORSER_TRANSACTION && type !== CONFIG) {
    throw invalid(`invalid header type ${headerTypeName(type)}`);
  }
  if (channelHeader.getEpoch() !== 0) throw invalid('epoch is non-zero');
  if (nonce.length === 0) throw invalid('nonce is empty');
  if (creator.length === 0) throw invalid('creator is empty');
  const expected = transactionId(nonce, creator);
  if (channelHeader.getTxId() !== expected) {
    throw invalid(`incorrectly computed txid '${channelHeader.getTxId()}' -- expected '${expected}'`);
  }
  if (signed.getSignature_asU8().length === 0) throw invalid('empty signature bytes');
  const denied = `access denied: channel [${channelHeader.getChannelId()}] creator org`;
  const identity = knownCreator(creator, config, denied, invalid);
  if (!verifyOnce(identity, signed.getProposalBytes_asU8(), signed.getSignature_asU8())) {
    throw invalid(`${denied} [${identity.mspId}]`);
  }
  return identity;
}

function knownCreator(
  creator: Uint8Array,
  config: ChannelConfig,
  denied: string,
  invalid: (reason: string) => ProposalError,
): Identity {
  try {
    return config.identity(creator);
  } catch (error) {
    if (error instanceof Error && 'step' in error && error.step === 'validate') {
      throw invalid(`${denied} [${claimedMsp(creator)}]`);
    }
    throw invalid(`${denied} unknown, creator is malformed`);
  }
}

function claimedMsp(creator: Uint8Array): string {
  return msp.SerializedIdentity.deserializeBinary(creator).getMspid();
}
