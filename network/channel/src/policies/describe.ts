import { common, msp } from '@hyperledger/fabric-protos';
import { tryDecodeMessage } from '../encoding/message.js';

/** What a flat policy asks: any n of these organizations (in the policy's order). */
export interface RequiredOrganizations {
  readonly n: number;
  readonly mspIds: readonly string[];
}

/**
 * Reads a flat policy (`common.SignaturePolicyEnvelope`, or the `common.Policy` of type SIGNATURE that holds one).
 * Undefined for anything else: nested rules, malformed bytes, a principal that names no organization, or one organization twice.
 */
export function requiredOrganizations(
  policy: common.SignaturePolicyEnvelope | Uint8Array,
): RequiredOrganizations | undefined {
  const envelope =
    policy instanceof Uint8Array ? tryDecodeMessage(common.SignaturePolicyEnvelope, policy) : policy;
  const nOutOf = envelope?.getRule()?.getNOutOf();
  if (!envelope || !nOutOf || nOutOf.getRulesList().some((rule) => !rule.hasSignedBy())) return undefined;
  const principals = envelope.getIdentitiesList();
  const mspIds = nOutOf.getRulesList().map((rule) => principalMspId(principals[rule.getSignedBy()]));
  if (mspIds.some((mspId) => mspId === undefined) || new Set(mspIds).size !== mspIds.length) return undefined;
  return { n: nOutOf.getN(), mspIds: mspIds.filter((mspId) => mspId !== undefined) };
}

/** The organization that a principal belongs to, if it names one. */
export function principalMspId(principal: msp.MSPPrincipal | undefined): string | undefined {
  if (!principal) return undefined;
  const bytes = principal.getPrincipal_asU8();
  switch (principal.getPrincipalClassification()) {
    case msp.MSPPrincipal.Classification.ROLE:
      return tryDecodeMessage(msp.MSPRole, bytes)?.getMspIdentifier();
    case msp.MSPPrincipal.Classification.ORGANIZATION_UNIT:
      return tryDecodeMessage(msp.OrganizationUnit, bytes)?.getMspIdentifier();
    case msp.MSPPrincipal.Classification.IDENTITY:
      return tryDecodeMessage(msp.SerializedIdentity, bytes)?.getMspid();
    default:
      return undefined;
  }
}
