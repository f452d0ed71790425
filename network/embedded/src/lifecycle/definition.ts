/**
 * A chaincode's definition on the channel: version, sequence, endorsement policy. It lies in the public state of the
 * namespace `_lifecycle`, so whoever has the blocks knows it.
 */
import { peer } from '@hyperledger/fabric-protos';
import type { ChannelConfig, Policy } from 'umlauf-channel';
import type { StateReader } from '../ledger/view.js';
import { readField, readMetadata } from './serializer.js';
import type { LifecycleRecord, ReadableState } from './serializer.js';

const { ApplicationPolicy, lifecycle } = peer;

export const LIFECYCLE = '_lifecycle';
export const NAMESPACES = 'namespaces';
export const SOURCES = 'chaincode-sources';
const DEFINITION_TYPE = 'ChaincodeDefinition';

/** What members approve and then commit. */
export interface ChaincodeParameters {
  readonly version: string;
  readonly initRequired: boolean;
  readonly endorsementPlugin: string;
  readonly validationPlugin: string;
  /** A serialised `ApplicationPolicy`: the chaincode's endorsement policy. */
  readonly validationParameter: Uint8Array;
}

export interface ChaincodeDefinition extends ChaincodeParameters {
  readonly sequence: number;
}

/** The policy that a definition without one of its own refers to. */
export const DEFAULT_POLICY_PATH = '/Channel/Application/Endorsement';

export function policyReference(path: string): Uint8Array {
  const policy = new ApplicationPolicy();
  policy.setChannelConfigPolicyReference(path);
  return policy.serializeBinary();
}

/** The approval of one organization: the definition without its sequence, which is part of the record's name. */
export function parametersRecord(parameters: ChaincodeParameters): LifecycleRecord {
  return { datatype: 'ChaincodeParameters', fields: parameterFields(parameters) };
}

export function definitionRecord(definition: ChaincodeDefinition): LifecycleRecord {
  return {
    datatype: DEFINITION_TYPE,
    fields: [{ name: 'Sequence', integer: definition.sequence }, ...parameterFields(definition)],
  };
}

function parameterFields(parameters: ChaincodeParameters): LifecycleRecord['fields'] {
  const endorsement = new lifecycle.ChaincodeEndorsementInfo();
  endorsement.setVersion(parameters.version);
  endorsement.setInitRequired(parameters.initRequired);
  endorsement.setEndorsementPlugin(parameters.endorsementPlugin);
  const validation = new lifecycle.ChaincodeValidationInfo();
  validation.setValidationPlugin(parameters.validationPlugin);
  validation.setValidationParameter(parameters.validationParameter);
  return [
    { name: 'EndorsementInfo', bytes: endorsement.serializeBinary() },
    { name: 'ValidationInfo', bytes: validation.serializeBinary() },
    { name: 'Collections', bytes: new Uint8Array() },
  ];
}

/** The committed sequence of a chaincode; 0 if it isn't defined. */
export const readSequence = (name: string, state: ReadableState): number =>
  readField(NAMESPACES, name, 'Sequence', state).getInt64();

/** The committed definition, `undefined` if the namespace isn't a defined chaincode. */
export function readDefinition(name: string, state: ReadableState): ChaincodeDefinition | undefined {
  const metadata = readMetadata(NAMESPACES, name, state);
  if (metadata?.getDatatype() !== DEFINITION_TYPE) return undefined;
  const sequence = readSequence(name, state);
  return { sequence, ...readParameters(name, state) };
}

/** Reads the fields that approval and definition have in common. */
export function readParameters(name: string, state: ReadableState): ChaincodeParameters {
  const field = (key: string): Uint8Array => readField(NAMESPACES, name, key, state).getBytes_asU8();
  const endorsement = lifecycle.ChaincodeEndorsementInfo.deserializeBinary(field('EndorsementInfo'));
  const validation = lifecycle.ChaincodeValidationInfo.deserializeBinary(field('ValidationInfo'));
  field('Collections');
  return {
    version: endorsement.getVersion(),
    initRequired: endorsement.getInitRequired(),
    endorsementPlugin: endorsement.getEndorsementPlugin(),
    validationPlugin: validation.getValidationPlugin(),
    validationParameter: validation.getValidationParameter_asU8(),
  };
}

/** The public state of `_lifecycle` in a view of the ledger. */
export const lifecycleState = (state: Pick<StateReader, 'get'>): ReadableState => ({
  get: (key) => state.get(LIFECYCLE, key)?.value,
});

const parsed = new WeakMap<ChannelConfig, Map<string, Policy>>();

/** Turns a serialised `ApplicationPolicy` into a policy that can be evaluated; an unusable one accepts nothing. */
export function applicationPolicy(bytes: Uint8Array, config: ChannelConfig): Policy {
  const known = parsed.get(config) ?? new Map<string, Policy>();
  parsed.set(config, known);
  const key = Buffer.from(bytes).toString('base64');
  const policy = known.get(key) ?? parsePolicy(bytes, config);
  known.set(key, policy);
  return policy;
}

function parsePolicy(bytes: Uint8Array, config: ChannelConfig): Policy {
  try {
    const policy = ApplicationPolicy.deserializeBinary(bytes);
    const signature = policy.getSignaturePolicy();
    return signature === undefined
      ? config.policy(policy.getChannelConfigPolicyReference())
      : config.signaturePolicy(signature.serializeBinary());
  } catch (error) {
    const refuse = (): never => {
      throw error;
    };
    return { evaluate: refuse, evaluateIdentities: refuse };
  }
}

/** The policy that validates writes to a namespace; `undefined` if no such chaincode is defined. */
export function endorsementPolicy(
  namespace: string,
  config: ChannelConfig,
  state: StateReader,
): Policy | undefined {
  const bytes = endorsementPolicyBytes(namespace, state);
  return bytes === undefined ? undefined : applicationPolicy(bytes, config);
}

export function endorsementPolicyBytes(namespace: string, state: StateReader): Uint8Array | undefined {
  if (namespace === LIFECYCLE) return LIFECYCLE_POLICY;
  return readDefinition(namespace, lifecycleState(state))?.validationParameter;
}

const LIFECYCLE_POLICY = policyReference('/Channel/Application/LifecycleEndorsement');
