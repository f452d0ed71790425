/**
 * What the channel's configuration says about its members and about who has to endorse.
 *
 * `cscc.GetChannelConfig` answers a `common.Config`: a tree of groups with values and policies.
 */
import { common, msp } from '@hyperledger/fabric-protos';

/** The part of a channel's configuration that a gateway works with. */
export interface ChannelConfig {
  /** Counts the configurations. */
  readonly sequence: bigint;
  /** MSP ids of the member organizations, sorted. */
  readonly mspIds: readonly string[];
  /**
   * The policy `Application/Endorsement`, if it is a flat signature policy (`threshold` of the organizations listed).
   * Absent for any other, such as the implicit MAJORITY: then only the peer knows who has to endorse.
   */
  readonly endorsement?: FlatPolicy;
  /** Certificates (PEM) of those who issue an organization's certificates, roots and intermediates, by its MSP id. */
  readonly authorities: ReadonlyMap<string, readonly string[]>;
}

/** `threshold` of the organizations have to sign. */
export interface FlatPolicy {
  readonly threshold: number;
  readonly mspIds: readonly string[];
}

/** MSP ids of a policy's principals; `undefined` if one isn't simply a role in an organization. */
function principalsOf(policy: common.SignaturePolicyEnvelope): string[] | undefined {
  const mspIds: string[] = [];
  for (const principal of policy.getIdentitiesList()) {
    if (principal.getPrincipalClassification() !== msp.MSPPrincipal.Classification.ROLE) return undefined;
    mspIds.push(msp.MSPRole.deserializeBinary(principal.getPrincipal_asU8()).getMspIdentifier());
  }
  return mspIds;
}

/** Reads a signature policy as a flat one; `undefined` if it is nested or counts an organization twice. */
export function flatPolicy(bytes: Uint8Array): FlatPolicy | undefined {
  const policy = common.SignaturePolicyEnvelope.deserializeBinary(bytes);
  const principals = principalsOf(policy);
  const rule = policy.getRule()?.getNOutOf();
  if (!principals || !rule) return undefined;
  const mspIds: string[] = [];
  for (const signer of rule.getRulesList()) {
    if (signer.getTypeCase() !== common.SignaturePolicy.TypeCase.SIGNED_BY) return undefined;
    const mspId = principals[signer.getSignedBy()];
    if (mspId === undefined || mspIds.includes(mspId)) return undefined;
    mspIds.push(mspId);
  }
  return { threshold: rule.getN(), mspIds };
}

const utf8 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

/** An organization's MSP id, and the certificates of its authorities. */
function mspOf(
  organization: common.ConfigGroup,
): readonly [mspId: string, authorities: string[]] | undefined {
  const value = organization.getValuesMap().get('MSP')?.getValue_asU8();
  if (!value) return undefined;
  const config = msp.FabricMSPConfig.deserializeBinary(
    msp.MSPConfig.deserializeBinary(value).getConfig_asU8(),
  );
  const authorities = [...config.getRootCertsList_asU8(), ...config.getIntermediateCertsList_asU8()];
  return [config.getName(), authorities.map(utf8)];
}

/**
 * Decodes what `cscc.GetChannelConfig` answered.
 * @throws {Error} if the configuration has no application part.
 */
export function channelConfigOf(bytes: Uint8Array): ChannelConfig {
  const config = common.Config.deserializeBinary(bytes);
  const application = config.getChannelGroup()?.getGroupsMap().get('Application');
  if (!application) throw new Error('the channel configuration has no application part');
  const authorities = new Map<string, readonly string[]>();
  application.getGroupsMap().forEach((organization) => {
    const found = mspOf(organization);
    if (found) authorities.set(...found);
  });
  const policy = application.getPoliciesMap().get('Endorsement')?.getPolicy();
  const flat =
    policy?.getType() === common.Policy.PolicyType.SIGNATURE ? flatPolicy(policy.getValue_asU8()) : undefined;
  return {
    sequence: BigInt(config.getSequence()),
    mspIds: [...authorities.keys()].sort(),
    authorities,
    ...(flat ? { endorsement: flat } : {}),
  };
}
