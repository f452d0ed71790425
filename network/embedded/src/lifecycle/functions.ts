/**
 * How a chaincode comes onto a channel (Fabric: lifecycle.ExternalFunctions): each organization approves a definition
 * in its own implicit collection, of which the others see hashes; then one commits it to the public state.
 */
import type { ChannelConfig } from 'umlauf-channel';
import type { Simulator } from '../ledger/simulator.js';
import {
  DEFAULT_POLICY_PATH,
  definitionRecord,
  LIFECYCLE,
  NAMESPACES,
  parametersRecord,
  policyReference,
  readDefinition,
  readParameters,
  readSequence,
  SOURCES,
} from './definition.js';
import type { ChaincodeDefinition, ChaincodeParameters } from './definition.js';
import { approvalName } from './directory.js';
import { implicitCollection } from './implicit-collection.js';
import { isSerialized, readField, readMetadata, serialize } from './serializer.js';
import type { ReadableState, WritableState } from './serializer.js';

/** The namespace isn't a defined chaincode; answered with status 404. */
export class NotDefinedError extends Error {
  override readonly name = 'NotDefinedError';
}

const publicState = (simulator: Simulator): WritableState => ({
  get: (key) => simulator.get(LIFECYCLE, key),
  put: (key, value) => simulator.put(LIFECYCLE, key, value),
});

const ownState = (simulator: Simulator, mspId: string): WritableState => ({
  get: (key) => simulator.getPrivate(LIFECYCLE, implicitCollection(mspId), key),
  put: (key, value) => simulator.putPrivate(LIFECYCLE, implicitCollection(mspId), key, value),
});

/** Fills in what the caller left open, as the channel has it. */
export function withDefaults(definition: ChaincodeDefinition): ChaincodeDefinition {
  return {
    ...definition,
    endorsementPlugin: definition.endorsementPlugin === '' ? 'escc' : definition.endorsementPlugin,
    validationPlugin: definition.validationPlugin === '' ? 'vscc' : definition.validationPlugin,
    validationParameter:
      definition.validationParameter.length === 0
        ? policyReference(DEFAULT_POLICY_PATH)
        : definition.validationParameter,
  };
}

/** @throws NotDefinedError */
export function queryDefinition(name: string, simulator: Simulator): ChaincodeDefinition {
  const definition = readDefinition(name, publicState(simulator));
  if (definition === undefined) throw new NotDefinedError(`namespace ${name} is not defined`);
  return definition;
}

/** For each organization of the channel whether it has approved exactly this definition, and what differs. */
export function approvals(
  name: string,
  definition: ChaincodeDefinition,
  config: ChannelConfig,
  simulator: Simulator,
): Map<string, { approved: boolean; mismatches: string[] }> {
  const record = parametersRecord(definition);
  return new Map(
    [...config.organizations.keys()].map((mspId) => {
      const { matches, mismatches } = isSerialized(
        NAMESPACES,
        approvalName(name, definition.sequence),
        record,
        { hash: (key) => simulator.getHash(LIFECYCLE, implicitCollection(mspId), key) },
      );
      return [mspId, { approved: matches, mismatches }];
    }),
  );
}

/** @throws Error with Fabric's wording if the definition isn't the next one. */
export function checkReadiness(
  name: string,
  definition: ChaincodeDefinition,
  config: ChannelConfig,
  simulator: Simulator,
): Map<string, { approved: boolean; mismatches: string[] }> {
  const next = readSequence(name, publicState(simulator)) + 1;
  if (definition.sequence !== next) {
    throw new Error(
      `requested sequence is ${definition.sequence}, but new definition must be sequence ${next}`,
    );
  }
  return approvals(name, definition, config, simulator);
}

export function commitDefinition(
  name: string,
  definition: ChaincodeDefinition,
  mspId: string,
  config: ChannelConfig,
  simulator: Simulator,
): void {
  const found = checkReadiness(name, definition, config, simulator);
  serialize(NAMESPACES, name, definitionRecord(definition), publicState(simulator));
  if (found.get(mspId)?.approved !== true) {
    throw new Error(`chaincode definition not agreed to by this org (${mspId})`);
  }
}

/** Records an organization's approval and the package that it means. @throws Error with Fabric's wording. */
export function approveDefinition(
  name: string,
  definition: ChaincodeDefinition,
  packageId: string,
  mspId: string,
  simulator: Simulator,
): void {
  const { sequence } = definition;
  const state = publicState(simulator);
  const own = ownState(simulator, mspId);
  const current = readSequence(name, state);
  if (sequence === 0 && current === 0) {
    throw new Error('requested sequence is 0, but first definable sequence number is 1');
  }
  if (sequence < current) {
    throw new Error(`currently defined sequence ${current} is larger than requested sequence ${sequence}`);
  }
  if (sequence > current + 1) {
    throw new Error(
      `requested sequence ${sequence} is larger than the next available sequence number ${current + 1}`,
    );
  }
  const approval = approvalName(name, sequence);
  const committed = sequence === current ? readDefinition(name, state) : undefined;
  if (committed !== undefined) checkSame(name, committed, definition);
  if (isApproved(approval, definition, packageId, own)) {
    throw new Error(
      committed === undefined
        ? `attempted to redefine uncommitted sequence (${sequence}) for namespace ${name} with unchanged content`
        : `attempted to redefine the current committed sequence (${sequence}) for namespace ${name}`,
    );
  }
  serialize(NAMESPACES, approval, parametersRecord(definition), own);
  const source = { datatype: 'ChaincodeLocalPackage', fields: [{ name: 'PackageID', text: packageId }] };
  serialize(SOURCES, approval, source, own);
}

function checkSame(name: string, committed: ChaincodeDefinition, wanted: ChaincodeDefinition): void {
  const difference = differs(committed, wanted);
  if (difference === undefined) return;
  throw new Error(
    `attempted to redefine the current committed sequence (${wanted.sequence}) for namespace ${name} with different parameters: ${difference}`,
  );
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function differs(expected: ChaincodeParameters, passed: ChaincodeParameters): string | undefined {
  const fields: [string, string, string][] = [
    ['Version', expected.version, passed.version],
    ['EndorsementPlugin', expected.endorsementPlugin, passed.endorsementPlugin],
    ['InitRequired', String(expected.initRequired), String(passed.initRequired)],
    ['ValidationPlugin', expected.validationPlugin, passed.validationPlugin],
    ['ValidationParameter', hex(expected.validationParameter), hex(passed.validationParameter)],
  ];
  const found = fields.find(([, a, b]) => a !== b);
  if (found === undefined) return undefined;
  const [field, a, b] = found;
  return `expected ${field} '${a}' does not match passed ${field} '${b}'`;
}

function isApproved(
  approval: string,
  definition: ChaincodeDefinition,
  packageId: string,
  own: ReadableState,
): boolean {
  if (readMetadata(NAMESPACES, approval, own) === undefined) return false;
  if (differs(readParameters(approval, own), definition) !== undefined) return false;
  if (readMetadata(SOURCES, approval, own) === undefined) return false;
  return readField(SOURCES, approval, 'PackageID', own).getString() === packageId;
}
