import { common } from '@hyperledger/fabric-protos';
import { decodeMessage } from '../encoding/message.js';
import { IdentityError } from '../msp/identity.js';
import { majorityOf, rolePrincipal } from '../policies/build.js';
import type { ChannelConfig } from './channel-config.js';
import { ConfigUpdateError } from './errors.js';

/** Whose administrators have signed of those who must be a majority. */
export interface Approval {
  readonly needed: number;
  readonly signed: readonly string[];
  readonly missing: readonly string[];
}

/** What the signatures on an update are worth under the configuration in force. */
export interface SignatureState {
  readonly members: Approval;
  readonly orderers: Approval;
  /** Whether they are enough. */
  readonly enough: boolean;
  /** Signatures that count for nothing, each with the reason. */
  readonly rejected: readonly { readonly mspId: string; readonly reason: string }[];
}

/**
 * Judges the signatures on an update of the organizations: it needs a majority of the members' and of the orderers'
 * administrators, since it rewrites policies of the whole channel.
 * @param update the bytes that were signed
 */
export function signatureState(
  channel: ChannelConfig,
  update: Uint8Array,
  signatures: readonly common.ConfigSignature[],
): SignatureState {
  const signers = new Set<string>();
  const rejected: { mspId: string; reason: string }[] = [];
  for (const signature of signatures) {
    const { mspId, reason } = judge(channel, update, signature);
    if (reason === undefined) signers.add(mspId);
    else rejected.push({ mspId, reason });
  }
  const members = approval([...channel.organizations.keys()], signers);
  const orderers = approval([...channel.ordererOrganizations.keys()], signers);
  const enough = [members, orderers].every(({ signed, needed }) => signed.length >= needed);
  return { members, orderers, enough, rejected };
}

function approval(mspIds: readonly string[], signers: ReadonlySet<string>): Approval {
  return {
    needed: majorityOf(mspIds.length),
    signed: mspIds.filter((mspId) => signers.has(mspId)).sort(),
    missing: mspIds.filter((mspId) => !signers.has(mspId)).sort(),
  };
}

function judge(
  channel: ChannelConfig,
  update: Uint8Array,
  signature: common.ConfigSignature,
): { mspId: string; reason?: string } {
  const header = signature.getSignatureHeader_asU8();
  try {
    const creator = decodeMessage(
      common.SignatureHeader,
      header,
      (cause) => new ConfigUpdateError('its header is malformed', { cause }),
    ).getCreator_asU8();
    const identity = channel.identity(creator);
    const { mspId } = identity;
    if (!identity.verify(Buffer.concat([header, update]), signature.getSignature_asU8()))
      return { mspId, reason: 'is not over this update: it was made for another, or changed' };
    if (!identity.satisfies(rolePrincipal(mspId, 'admin')))
      return { mspId, reason: 'is not by an administrator' };
    return { mspId };
  } catch (error) {
    if (!(error instanceof IdentityError || error instanceof ConfigUpdateError)) throw error;
    return { mspId: '?', reason: error.message };
  }
}
