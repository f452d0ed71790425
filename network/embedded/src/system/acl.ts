/** Who may call what on a peer: Fabric's default access control list (core/aclmgmt). */
import { msp } from '@hyperledger/fabric-protos';
import { rolePrincipal } from 'umlauf-channel';
import type { ChannelConfig, SignedData } from 'umlauf-channel';
import type { UnpackedProposal } from '../endorsement/proposal.js';
import { LIFECYCLE } from '../lifecycle/definition.js';
import { evaluateSigned, verifyOnce } from '../protocol/signatures.js';

const READERS = '/Channel/Application/Readers';
export const WRITERS = '/Channel/Application/Writers';

/** Resource → policy on the channel. What isn't listed is refused. */
const CHANNEL_POLICIES: Readonly<Record<string, string>> = {
  [`${LIFECYCLE}/CommitChaincodeDefinition`]: WRITERS,
  [`${LIFECYCLE}/QueryChaincodeDefinition`]: WRITERS,
  [`${LIFECYCLE}/QueryChaincodeDefinitions`]: WRITERS,
  [`${LIFECYCLE}/CheckCommitReadiness`]: WRITERS,
  'qscc/GetChainInfo': READERS,
  'qscc/GetBlockByNumber': READERS,
  'qscc/GetBlockByHash': READERS,
  'qscc/GetTransactionByID': READERS,
  'qscc/GetBlockByTxID': READERS,
  'cscc/GetConfigBlock': READERS,
  'cscc/GetChannelConfig': READERS,
  'peer/Propose': WRITERS,
  'peer/ChaincodeToChaincode': WRITERS,
  'event/Block': READERS,
  'event/FilteredBlock': READERS,
  'gateway/CommitStatus': READERS,
  'gateway/ChaincodeEvents': READERS,
};

/** Resources that have nothing to do with a channel: whose they are is the peer's own organization. */
const LOCAL_POLICIES: Readonly<Record<string, 'Admins' | 'Members'>> = {
  'cscc/GetChannels': 'Members',
  ...Object.fromEntries(
    [
      'InstallChaincode',
      'QueryInstalledChaincode',
      'GetInstalledChaincodePackage',
      'QueryInstalledChaincodes',
      'ApproveChaincodeDefinitionForMyOrg',
      'QueryApprovedChaincodeDefinition',
      'QueryApprovedChaincodeDefinitions',
    ].map((name) => [`${LIFECYCLE}/${name}`, 'Admins' as const]),
  ),
};

export const isLocal = (resource: string): boolean => LOCAL_POLICIES[resource] !== undefined;

/**
 * Asks about a resource of the peer's own organization (Fabric: CheckPolicyNoChannel).
 * @throws Error with Fabric's wording if the signer may not use it
 */
export function checkLocalAcl(
  resource: string,
  mspId: string,
  config: ChannelConfig,
  { identity, data, signature }: SignedData,
): void {
  const policy = LOCAL_POLICIES[resource];
  if (policy === undefined) throw new Error(`Unmapped policy for ${resource}`);
  const where = `during channelless check policy with policy [${policy}]`;
  const claimed = msp.SerializedIdentity.deserializeBinary(identity).getMspid();
  if (claimed !== mspId) {
    throw new Error(
      `Failed deserializing proposal creator ${where}: [expected MSP ID ${mspId}, received ${claimed}]`,
    );
  }
  const signer = config.identity(identity);
  const role = policy === 'Admins' ? 'admin' : 'member';
  if (!signer.satisfies(rolePrincipal(mspId, role))) {
    throw new Error(
      `Failed verifying that proposal's creator satisfies local MSP principal ${where}: [The identity is not an admin under this MSP [${mspId}]: The identity does not contain OU [ADMIN], MSP: [${mspId}]]`,
    );
  }
  if (!verifyOnce(signer, data, signature)) throw new Error('The signature is invalid');
}

/** @throws Error with Fabric's wording if the signer may not use the resource. */
export function checkAcl(resource: string, config: ChannelConfig, signed: SignedData): void {
  const policy = CHANNEL_POLICIES[resource];
  if (policy === undefined) throw new Error(`Unmapped policy for ${resource}`);
  try {
    evaluateSigned(config.policy(policy), [signed], config);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `Failed evaluating policy on signed data during check policy on channel [${config.channelId}] with policy [${policy}]: [${reason}]`,
      { cause: error },
    );
  }
}

/** What the creator of a proposal has signed. */
export const signedDataOf = ({ signed, signatureHeader }: UnpackedProposal): SignedData => ({
  identity: signatureHeader.getCreator_asU8(),
  data: signed.getProposalBytes_asU8(),
  signature: signed.getSignature_asU8(),
});
