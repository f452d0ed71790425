/** Who may call what on a peer: Fabric's default access control list (core/aclmgmt). */
import type { ChannelConfig, SignedData } from 'umlauf-channel';
import type { UnpackedProposal } from '../endorsement/proposal.js';
import { LIFECYCLE } from '../lifecycle/definition.js';
import { evaluateSigned } from '../protocol/signatures.js';

const READERS = '/Channel/Application/Readers';
const WRITERS = '/Channel/Application/Writers';

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

/** Resources that only an admin of the peer's own organization may use. */
const LOCAL_ADMIN = new Set(
  [
    'InstallChaincode',
    'QueryInstalledChaincode',
    'GetInstalledChaincodePackage',
    'QueryInstalledChaincodes',
    'ApproveChaincodeDefinitionForMyOrg',
    'QueryApprovedChaincodeDefinition',
    'QueryApprovedChaincodeDefinitions',
  ].map((name) => `${LIFECYCLE}/${name}`),
);

export const needsLocalAdmin = (resource: string): boolean => LOCAL_ADMIN.has(resource);

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
