/** Chaincode lifecycle (`_lifecycle`): what is installed on a peer, approved by an organization, committed on a channel. */
import { peer } from '@hyperledger/fabric-protos';
import { PeerRefusal, type EndorserClient } from './endorser-client.js';

const { lifecycle } = peer;
export const LIFECYCLE = '_lifecycle';
const ENDORSEMENT_PLUGIN = 'escc';
const VALIDATION_PLUGIN = 'vscc';
/** The channel's own flat policy, which every change of the organizations rewrites. */
const ENDORSEMENT_POLICY = '/Channel/Application/Endorsement';

/** What the organizations agree on. */
export interface ChaincodeDefinition {
  readonly name: string;
  readonly version: string;
  readonly sequence: number;
}

/** What the channel has agreed on, and who approved. */
export interface CommittedDefinition extends ChaincodeDefinition {
  /** By MSP id: exactly the organizations of the channel. */
  readonly approvals: ReadonlyMap<string, boolean>;
}

/** The ids of the packages on a peer. */
async function installedPackages(endorser: EndorserClient): Promise<string[]> {
  const bytes = await call(
    endorser,
    '',
    'QueryInstalledChaincodes',
    new lifecycle.QueryInstalledChaincodesArgs(),
  );
  return lifecycle.QueryInstalledChaincodesResult.deserializeBinary(bytes)
    .getInstalledChaincodesList()
    .map((each) => each.getPackageId());
}

/** Puts a package on a peer, unless it is there. */
export async function installPackage(
  endorser: EndorserClient,
  { id, bytes }: { readonly id: string; readonly bytes: Uint8Array },
): Promise<void> {
  if ((await installedPackages(endorser)).includes(id)) return;
  const args = new lifecycle.InstallChaincodeArgs();
  args.setChaincodeInstallPackage(bytes);
  const result = await call(endorser, '', 'InstallChaincode', args);
  const installed = lifecycle.InstallChaincodeResult.deserializeBinary(result).getPackageId();
  if (installed !== id) throw new Error(`the peer calls the package ${installed}, not ${id}`);
}

/** The definition in force on a channel, undefined if there is none. */
export async function committedDefinition(
  endorser: EndorserClient,
  channel: string,
  name: string,
): Promise<CommittedDefinition | undefined> {
  const args = new lifecycle.QueryChaincodeDefinitionArgs();
  args.setName(name);
  const bytes = await unlessNotFound(() => call(endorser, channel, 'QueryChaincodeDefinition', args));
  if (!bytes) return undefined;
  const result = lifecycle.QueryChaincodeDefinitionResult.deserializeBinary(bytes);
  const approvals = new Map<string, boolean>();
  result.getApprovalsMap().forEach((approved: boolean, mspId: string) => approvals.set(mspId, approved));
  return { name, version: result.getVersion(), sequence: result.getSequence(), approvals };
}

/** Who has approved a definition that isn't in force yet, by MSP id: exactly the organizations of the channel. */
export async function approvalsOf(
  endorser: EndorserClient,
  channel: string,
  definition: ChaincodeDefinition,
): Promise<Map<string, boolean>> {
  const args = describe(new lifecycle.CheckCommitReadinessArgs(), definition);
  const bytes = await call(endorser, channel, 'CheckCommitReadiness', args);
  const approvals = new Map<string, boolean>();
  lifecycle.CheckCommitReadinessResult.deserializeBinary(bytes)
    .getApprovalsMap()
    .forEach((approved: boolean, mspId: string) => approvals.set(mspId, approved));
  return approvals;
}

/** MSP ids of those that have not approved, in order. */
export const unapproved = (approvals: ReadonlyMap<string, boolean>): string[] =>
  [...approvals].flatMap(([mspId, approved]) => (approved ? [] : [mspId])).sort();

/** The package that the peer's organization approved for a sequence, undefined if it approved none. */
export async function approvedPackage(
  endorser: EndorserClient,
  channel: string,
  { name, sequence }: Pick<ChaincodeDefinition, 'name' | 'sequence'>,
): Promise<string | undefined> {
  const args = new lifecycle.QueryApprovedChaincodeDefinitionArgs();
  args.setName(name);
  args.setSequence(sequence);
  const bytes = await unlessNotFound(() => call(endorser, channel, 'QueryApprovedChaincodeDefinition', args));
  if (!bytes) return undefined;
  const result = lifecycle.QueryApprovedChaincodeDefinitionResult.deserializeBinary(bytes);
  return result.getSource()?.getLocalPackage()?.getPackageId();
}

/** Arguments of `_lifecycle`: one organization approves a definition, and says which package it will run. */
export function approveArgs(definition: ChaincodeDefinition, packageId: string): [string, Uint8Array] {
  const local = new lifecycle.ChaincodeSource.Local();
  local.setPackageId(packageId);
  const source = new lifecycle.ChaincodeSource();
  source.setLocalPackage(local);
  const args = describe(new lifecycle.ApproveChaincodeDefinitionForMyOrgArgs(), definition);
  args.setSource(source);
  return ['ApproveChaincodeDefinitionForMyOrg', args.serializeBinary()];
}

/** Arguments of `_lifecycle`: a definition comes into force on the channel. */
export function commitArgs(definition: ChaincodeDefinition): [string, Uint8Array] {
  const args = describe(new lifecycle.CommitChaincodeDefinitionArgs(), definition);
  return ['CommitChaincodeDefinition', args.serializeBinary()];
}

interface DefinitionArgs {
  setName(value: string): void;
  setVersion(value: string): void;
  setSequence(value: number): void;
  setEndorsementPlugin(value: string): void;
  setValidationPlugin(value: string): void;
  setValidationParameter(value: Uint8Array): void;
}

function describe<T extends DefinitionArgs>(args: T, definition: ChaincodeDefinition): T {
  const policy = new peer.ApplicationPolicy();
  policy.setChannelConfigPolicyReference(ENDORSEMENT_POLICY);
  args.setName(definition.name);
  args.setVersion(definition.version);
  args.setSequence(definition.sequence);
  args.setEndorsementPlugin(ENDORSEMENT_PLUGIN);
  args.setValidationPlugin(VALIDATION_PLUGIN);
  args.setValidationParameter(policy.serializeBinary());
  return args;
}

function call(
  endorser: EndorserClient,
  channel: string,
  method: string,
  args: { serializeBinary(): Uint8Array },
): Promise<Uint8Array> {
  return endorser.query({ channel, chaincode: LIFECYCLE, args: [method, args.serializeBinary()] });
}

/** The peer tells "there is none" only by its text (core/chaincode/lifecycle/scc.go). */
async function unlessNotFound(query: () => Promise<Uint8Array>): Promise<Uint8Array | undefined> {
  try {
    return await query();
  } catch (error) {
    const missing = /namespace .* is not defined|could not fetch approved chaincode definition/;
    if (error instanceof PeerRefusal && missing.test(error.message)) return undefined;
    throw error;
  }
}
