import { common } from '@hyperledger/fabric-protos';
import type { Identity } from '../msp/identity.js';
import { validIdentities } from '../policies/identities.js';
import { PolicyError, type IdentitySource, type Policy, type SignedData } from '../policies/policy.js';
import type { PolicyTree } from '../policies/policy-tree.js';
import { decodeMessage } from '../encoding/message.js';
import { configFromMap, keyObjection, mapConfig, type ConfigElement, type ConfigMap } from './config-map.js';
import { ConfigUpdateError } from './errors.js';

/** A configuration in force: what updates are judged against. */
interface ConfigInForce {
  readonly channelId: string;
  readonly config: common.Config;
  readonly policies: PolicyTree;
  readonly identities: IdentitySource;
}

/**
 * Judges a signed update and gives the configuration that it leads to (common/configtx/update.go): every version that
 * it read must be the one in force, every changed element must have the next version, and the signatures must satisfy
 * the policy that may change it. Signatures are over versions too, so any update in between makes them stale.
 * @throws ConfigUpdateError in Fabric's words
 */
export function authorizeUpdate(
  inForce: ConfigInForce,
  envelope: common.ConfigUpdateEnvelope,
): common.Config {
  const update = decodeMessage(
    common.ConfigUpdate,
    envelope.getConfigUpdate_asU8(),
    malformed('ConfigUpdate'),
  );
  if (update.getChannelId() !== inForce.channelId) {
    throw new ConfigUpdateError(
      `ConfigUpdate for channel '${update.getChannelId()}' but envelope for channel '${inForce.channelId}'`,
    );
  }
  const current = mapConfig(inForce.config.getChannelGroup());
  const readSet = within('error mapping ReadSet', () => mapConfig(update.getReadSet()));
  within('error validating ReadSet', () => verifyReadSet(readSet, current));
  const writeSet = within('error mapping WriteSet', () => mapConfig(update.getWriteSet()));
  const delta = deltaSet(readSet, writeSet);
  // Once for all elements: each signature is over the whole update.
  const signers = validIdentities(configSignatures(envelope), inForce.identities);
  within('error validating DeltaSet', () => verifyDelta(delta, current, inForce.policies, signers));
  const proposed = new Map([...current, ...delta]);
  const config = new common.Config();
  config.setSequence(inForce.config.getSequence() + 1);
  config.setChannelGroup(
    within('could not turn configMap back to channelGroup', () => configFromMap(proposed)),
  );
  return common.Config.deserializeBinary(config.serializeBinary());
}

/** What the signers of an update signed: signature header ‖ update. */
function configSignatures(envelope: common.ConfigUpdateEnvelope): SignedData[] {
  return envelope.getSignaturesList().map((entry) => {
    const header = entry.getSignatureHeader_asU8();
    return {
      identity: decodeMessage(common.SignatureHeader, header, malformed('SignatureHeader')).getCreator_asU8(),
      data: Buffer.concat([header, envelope.getConfigUpdate_asU8()]),
      signature: entry.getSignature_asU8(),
    };
  });
}

function verifyReadSet(readSet: ConfigMap, current: ConfigMap): void {
  for (const [key, { element }] of readSet) {
    const existing = current.get(key);
    if (!existing) {
      throw new ConfigUpdateError(
        `existing config does not contain element for ${key} but was in the read set`,
      );
    }
    const [wanted, found] = [element.getVersion(), existing.element.getVersion()];
    if (wanted !== found) {
      throw new ConfigUpdateError(
        `proposed update requires that key ${key} be at version ${wanted}, but it is currently at version ${found}`,
      );
    }
  }
}

/** What is written: all that wasn't merely read at the same version. */
export function deltaSet(readSet: ConfigMap, writeSet: ConfigMap): ConfigMap {
  return new Map(
    [...writeSet].filter(
      ([key, { element }]) => readSet.get(key)?.element.getVersion() !== element.getVersion(),
    ),
  );
}

function verifyDelta(
  delta: ConfigMap,
  current: ConfigMap,
  policies: PolicyTree,
  signers: readonly Identity[],
): void {
  if (delta.size === 0) throw new ConfigUpdateError('delta set was empty -- update would have no effect');
  for (const [key, proposed] of delta) {
    const version = proposed.element.getVersion();
    checkModPolicy(key, proposed.element.getModPolicy());
    const existing = current.get(key);
    if (!existing) {
      if (version === 0) continue;
      throw new ConfigUpdateError(
        `attempted to set key ${key} to version ${version}, but key does not exist`,
      );
    }
    const currentVersion = existing.element.getVersion();
    if (version !== currentVersion + 1) {
      throw new ConfigUpdateError(
        `attempt to set key ${key} to version ${version}, but key is at version ${currentVersion}`,
      );
    }
    verifySignatures(key, existing, policies, signers);
  }
}

function verifySignatures(
  key: string,
  existing: ConfigElement,
  policies: PolicyTree,
  signers: readonly Identity[],
): void {
  const policy = policyFor(existing, policies);
  if (!policy) {
    throw new ConfigUpdateError(
      `unexpected missing policy ${existing.element.getModPolicy()} for item ${key}`,
    );
  }
  try {
    policy.evaluateIdentities(signers);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw new ConfigUpdateError(`policy for ${key} not satisfied: ${error.message}`, { cause: error });
  }
}

/** The policy that may change an element: a relative name is looked up in the element's group, a group's own in itself. */
function policyFor(existing: ConfigElement, policies: PolicyTree): Policy | undefined {
  const name = existing.element.getModPolicy();
  if (name === '') return undefined;
  if (name.startsWith('/')) {
    return name.startsWith(`${policies.path}/`)
      ? policies.get(name.slice(policies.path.length + 1))
      : undefined;
  }
  const groups = existing.kind === 'group' ? [...existing.path, existing.key] : existing.path;
  let tree: PolicyTree | undefined = policies;
  for (const group of groups.slice(1)) tree = tree?.child(group);
  return tree?.get(name);
}

function checkModPolicy(key: string, modPolicy: string): void {
  const refuse = (reason: string): never => {
    throw new ConfigUpdateError(`invalid mod_policy for element ${key}: ${reason}`);
  };
  if (modPolicy === '') refuse('mod_policy not set');
  modPolicy
    .replace(/^\//, '')
    .split('/')
    .forEach((part, index) => {
      const objection = keyObjection(part);
      if (objection !== undefined) refuse(`path element at ${index} is invalid: ${objection}`);
    });
}

function malformed(what: string): (cause: unknown) => ConfigUpdateError {
  return (cause) => new ConfigUpdateError(`malformed ${what}`, { cause });
}

function within<T>(step: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof ConfigUpdateError)) throw error;
    throw new ConfigUpdateError(`${step}: ${error.message}`, { cause: error });
  }
}
