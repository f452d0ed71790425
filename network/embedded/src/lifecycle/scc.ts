/** `_lifecycle`: the system chaincode over the lifecycle's functions (Fabric: core/chaincode/lifecycle/scc.go). */
import { peer } from '@hyperledger/fabric-protos';
import type { ChannelConfig } from 'umlauf-channel';
import type { Invocation } from '../chaincode/transaction-context.js';
import type { Simulator } from '../ledger/simulator.js';
import { checkAcl, checkLocalAcl, isLocal, signedDataOf } from '../system/acl.js';
import { shuffled } from '../protocol/shuffled.js';
import { argumentText, failure, reasonOf, success } from '../system/system-chaincodes.js';
import type { SystemChaincode } from '../system/system-chaincodes.js';
import { LIFECYCLE } from './definition.js';
import type { ChaincodeDefinition } from './definition.js';
import {
  approvals,
  approveDefinition,
  checkReadiness,
  commitDefinition,
  NotDefinedError,
  queryDefinition,
  withDefaults,
} from './functions.js';

const { lifecycle } = peer;

interface Call {
  readonly simulator: Simulator;
  readonly config: ChannelConfig;
  readonly mspId: string;
}

type LifecycleFunction = (input: Uint8Array, call: Call) => Uint8Array;

const functions: ReadonlyMap<string, LifecycleFunction> = new Map<string, LifecycleFunction>([
  ['QueryChaincodeDefinition', queryChaincodeDefinition],
  ['ApproveChaincodeDefinitionForMyOrg', approve],
  ['CheckCommitReadiness', readiness],
  ['CommitChaincodeDefinition', commit],
]);

export function lifecycleScc(mspId: string, config: () => ChannelConfig): SystemChaincode {
  return ({ proposal, simulator }: Invocation, args) => {
    if (args.length === 0) return failure('lifecycle scc must be invoked with arguments');
    const [first, input] = args;
    if (input === undefined || args.length > 2) {
      return failure(`lifecycle scc operations require exactly two arguments but received ${args.length}`);
    }
    const name = argumentText(first);
    const current = config();
    try {
      checkAccess(`${LIFECYCLE}/${name}`, mspId, current, proposal);
    } catch (error) {
      return failure(`Failed to authorize invocation due to failed ACL check: ${reasonOf(error)}`);
    }
    const call = functions.get(name);
    if (call === undefined || simulator === undefined) {
      return failure(`UNIMPLEMENTED: ${LIFECYCLE}.${name} is not supported by the embedded network`);
    }
    try {
      return success(call(input, { simulator, config: current, mspId }));
    } catch (error) {
      if (error instanceof NotDefinedError) return failure(error.message, 404);
      return failure(`failed to invoke backing implementation of '${name}': ${reasonOf(error)}`);
    }
  };
}

function checkAccess(
  resource: string,
  mspId: string,
  config: ChannelConfig,
  proposal: Invocation['proposal'],
): void {
  const signed = signedDataOf(proposal);
  if (!isLocal(resource)) {
    checkAcl(resource, config, signed);
    return;
  }
  checkLocalAcl(resource, mspId, config, signed);
}

const NAME = /^[a-zA-Z0-9]+([-_][a-zA-Z0-9]+)*$/;
const VERSION = /^[A-Za-z0-9_.+-]+$/;
const SYSTEM_NAMES = new Set(['cscc', 'escc', 'lscc', 'qscc', 'vscc']);

/** What approving, checking and committing have in common. */
interface DefinitionArguments {
  getSequence(): number;
  getName(): string;
  getVersion(): string;
  getEndorsementPlugin(): string;
  getValidationPlugin(): string;
  getValidationParameter_asU8(): Uint8Array;
  getInitRequired(): boolean;
  getCollections(): { getConfigList(): unknown[] } | undefined;
}

function definitionOf(input: DefinitionArguments): ChaincodeDefinition {
  if ((input.getCollections()?.getConfigList().length ?? 0) > 0) {
    throw new Error('UNIMPLEMENTED: private data collections are not supported by the embedded network');
  }
  if (input.getInitRequired()) {
    throw new Error('UNIMPLEMENTED: chaincode that requires Init is not supported by the embedded network');
  }
  return withDefaults({
    sequence: input.getSequence(),
    version: input.getVersion(),
    initRequired: false,
    endorsementPlugin: input.getEndorsementPlugin(),
    validationPlugin: input.getValidationPlugin(),
    validationParameter: input.getValidationParameter_asU8(),
  });
}

function validate(name: string, version: string): void {
  const prefix = 'error validating chaincode definition:';
  if (!NAME.test(name)) {
    throw new Error(
      `${prefix} invalid chaincode name '${name}'. Names can only consist of alphanumerics, '_', and '-' and can only begin with alphanumerics`,
    );
  }
  if (SYSTEM_NAMES.has(name)) {
    throw new Error(`${prefix} chaincode name '${name}' is the name of a system chaincode`);
  }
  if (!VERSION.test(version)) {
    throw new Error(
      `${prefix} invalid chaincode version '${version}'. Versions can only consist of alphanumerics, '_', '-', '+', and '.'`,
    );
  }
}

function approve(bytes: Uint8Array, { simulator, mspId }: Call): Uint8Array {
  const input = decode(
    'ApproveChaincodeDefinitionForMyOrg',
    lifecycle.ApproveChaincodeDefinitionForMyOrgArgs,
    bytes,
  );
  validate(input.getName(), input.getVersion());
  const packageId = input.getSource()?.getLocalPackage()?.getPackageId() ?? '';
  approveDefinition(input.getName(), definitionOf(input), packageId, mspId, simulator);
  return new lifecycle.ApproveChaincodeDefinitionForMyOrgResult().serializeBinary();
}

function commit(bytes: Uint8Array, { simulator, mspId, config }: Call): Uint8Array {
  const input = decode('CommitChaincodeDefinition', lifecycle.CommitChaincodeDefinitionArgs, bytes);
  validate(input.getName(), input.getVersion());
  commitDefinition(input.getName(), definitionOf(input), mspId, config, simulator);
  return new lifecycle.CommitChaincodeDefinitionResult().serializeBinary();
}

function readiness(bytes: Uint8Array, { simulator, config }: Call): Uint8Array {
  const input = decode('CheckCommitReadiness', lifecycle.CheckCommitReadinessArgs, bytes);
  const result = new lifecycle.CheckCommitReadinessResult();
  const found = checkReadiness(input.getName(), definitionOf(input), config, simulator);
  for (const [mspId, { approved, mismatches }] of shuffled(found)) {
    result.getApprovalsMap().set(mspId, approved);
    if (mismatches.length === 0) continue;
    const items = new lifecycle.CheckCommitReadinessResult.Mismatches();
    items.setItemsList(mismatches);
    result.getMismatchesMap().set(mspId, items);
  }
  return result.serializeBinary();
}

function decode<T>(name: string, type: { deserializeBinary(bytes: Uint8Array): T }, bytes: Uint8Array): T {
  try {
    return type.deserializeBinary(bytes);
  } catch (error) {
    throw new Error(
      `could not decode input arg for *lifecycle.Invocation.${name}: proto: cannot parse invalid wire-format data`,
      { cause: error },
    );
  }
}

function queryChaincodeDefinition(bytes: Uint8Array, { simulator, config }: Call): Uint8Array {
  const name = decode('QueryChaincodeDefinition', lifecycle.QueryChaincodeDefinitionArgs, bytes).getName();
  const definition = queryDefinition(name, simulator);
  const result = new lifecycle.QueryChaincodeDefinitionResult();
  result.setSequence(definition.sequence);
  result.setVersion(definition.version);
  result.setEndorsementPlugin(definition.endorsementPlugin);
  result.setValidationPlugin(definition.validationPlugin);
  result.setValidationParameter(definition.validationParameter);
  result.setInitRequired(definition.initRequired);
  // A committed definition always has a collection package, here an empty one.
  result.setCollections(new peer.CollectionConfigPackage());
  // Go writes a map in another order each time: chaincode that passes these bytes on isn't deterministic.
  for (const [mspId, { approved }] of shuffled(approvals(name, definition, config, simulator))) {
    result.getApprovalsMap().set(mspId, approved);
  }
  return result.serializeBinary();
}
