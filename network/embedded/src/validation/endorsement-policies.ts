/**
 * Second part (Fabric: the plugin dispatcher and the built-in v2.0 validation plugin): does every namespace that the
 * transaction writes have the endorsements that its policy asks for? A key with a policy of its own answers to that
 * one instead of the chaincode's.
 */
import { common, peer } from '@hyperledger/fabric-protos';
import type { ChannelConfig, Identity, Policy, SignedData } from 'umlauf-channel';
import { keyPolicy } from '../ledger/metadata.js';
import type { StateReader } from '../ledger/view.js';
import { endorsementPolicy, LIFECYCLE } from '../lifecycle/definition.js';
import { organizationOf } from '../lifecycle/implicit-collection.js';
import { Code } from '../protocol/codes.js';
import type { NamespaceRwSet, OpenedEnvelope, TransactionAction } from '../protocol/envelope.js';
import { openRwSet } from '../protocol/envelope.js';
import { validIdentities } from '../protocol/signatures.js';

/** Keys whose policy a transaction earlier in the same block has changed. */
export type ChangedPolicies = Set<string>;

const changedKey = (...parts: string[]): string => JSON.stringify(parts);

export interface PolicyContext {
  readonly config: ChannelConfig;
  /** The state before the block. */
  readonly state: StateReader;
  readonly changed: ChangedPolicies;
}

type Outcome =
  { readonly code: Code } | { readonly code: typeof Code.VALID; readonly rwSet: NamespaceRwSet[] };

export function checkEndorsements(
  opened: OpenedEnvelope,
  action: TransactionAction,
  context: PolicyContext,
): Outcome {
  const read = readAction(opened, action);
  if ('code' in read) return read;
  const { chaincode, rwSet } = read;
  const written = new Set([chaincode]);
  for (const entry of rwSet) if (writes(entry)) written.add(entry.namespace);
  const endorsers = validIdentities(signedData(action), context.config);
  for (const namespace of [...written].sort()) {
    const policy = endorsementPolicy(namespace, context.config, context.state);
    if (policy === undefined) return { code: Code.INVALID_CHAINCODE };
    const entries = rwSet.filter((entry) => entry.namespace === namespace);
    if (!namespaceEndorsed(entries, namespace, policy, endorsers, context)) {
      return { code: Code.ENDORSEMENT_POLICY_FAILURE };
    }
    for (const entry of entries) recordChanges(entry, context.changed);
  }
  return { code: Code.VALID, rwSet };
}

/** What the endorsers signed must name the chaincode that the header names, consistently. */
function readAction(
  { channelHeader }: OpenedEnvelope,
  { extension }: TransactionAction,
): { code: Code } | { chaincode: string; rwSet: NamespaceRwSet[] } {
  let chaincode: string | undefined;
  try {
    chaincode = peer.ChaincodeHeaderExtension.deserializeBinary(channelHeader.getExtension_asU8())
      .getChaincodeId()
      ?.getName();
  } catch {
    return { code: Code.BAD_HEADER_EXTENSION };
  }
  let action: peer.ChaincodeAction;
  try {
    action = peer.ChaincodeAction.deserializeBinary(extension);
  } catch {
    return { code: Code.BAD_RESPONSE_PAYLOAD };
  }
  let rwSet: NamespaceRwSet[];
  try {
    rwSet = openRwSet(action.getResults_asU8());
  } catch {
    return { code: Code.BAD_RWSET };
  }
  const id = action.getChaincodeId();
  if (chaincode === undefined || id === undefined) return { code: Code.INVALID_OTHER_REASON };
  if (chaincode === '' || chaincode !== id.getName() || id.getVersion() === '') {
    return { code: Code.INVALID_CHAINCODE };
  }
  if (!eventOk(action.getEvents_asU8(), chaincode)) return { code: Code.INVALID_OTHER_REASON };
  if (new Set(rwSet.map(({ namespace }) => namespace)).size !== rwSet.length) {
    return { code: Code.ILLEGAL_WRITESET };
  }
  return { chaincode, rwSet };
}

function eventOk(event: Uint8Array, chaincode: string): boolean {
  if (event.length === 0) return true;
  try {
    return peer.ChaincodeEvent.deserializeBinary(event).getChaincodeId() === chaincode;
  } catch {
    return false;
  }
}

const writes = ({ set, collections }: NamespaceRwSet): boolean =>
  set.getWritesList().length > 0 ||
  set.getMetadataWritesList().length > 0 ||
  collections.some(
    (collection) =>
      collection.set.getHashedWritesList().length > 0 || collection.set.getMetadataWritesList().length > 0,
  );

/** An endorser signs the response payload with its own identity behind it. */
function signedData({ responsePayload, endorsements }: TransactionAction): SignedData[] {
  return endorsements.map((endorsement) => ({
    identity: endorsement.getEndorser_asU8(),
    data: Buffer.concat([responsePayload, endorsement.getEndorser_asU8()]),
    signature: endorsement.getSignature_asU8(),
  }));
}

function namespaceEndorsed(
  entries: readonly NamespaceRwSet[],
  namespace: string,
  policy: Policy,
  endorsers: readonly Identity[],
  { config, state, changed }: PolicyContext,
): boolean {
  const done = new Map<string, boolean>();
  const satisfied = (name: string, needed: () => Policy): boolean => {
    const known = done.get(name);
    if (known !== undefined) return known;
    const result = evaluates(needed, endorsers);
    done.set(name, result);
    return result;
  };
  for (const { set, collections } of entries) {
    const keys = [...set.getWritesList(), ...set.getMetadataWritesList()].map((write) => write.getKey());
    for (const key of new Set(keys)) {
      if (changed.has(changedKey(namespace, '', key))) return false;
      const own = keyPolicy(state.get(namespace, key)?.metadata);
      const ok =
        own === undefined
          ? satisfied('', () => policy)
          : satisfied(Buffer.from(own).toString('base64'), () => config.signaturePolicy(own));
      if (!ok) return false;
    }
    for (const collection of collections) {
      if (collection.set.getHashedWritesList().length === 0) continue;
      const needed = collectionPolicy(namespace, collection.name, config) ?? policy;
      if (!satisfied(`collection ${collection.name}`, () => needed)) return false;
    }
  }
  // At least one policy is always checked, also for a transaction that writes nothing.
  return done.size > 0 || satisfied('', () => policy);
}

/** An organization's implicit collection answers to that organization's own endorsement policy. */
function collectionPolicy(namespace: string, collection: string, config: ChannelConfig): Policy | undefined {
  const mspId = namespace === LIFECYCLE ? organizationOf(collection) : undefined;
  return mspId === undefined ? undefined : config.policy(`/Channel/Application/${mspId}/Endorsement`);
}

function evaluates(policy: () => Policy, endorsers: readonly Identity[]): boolean {
  try {
    policy().evaluateIdentities(endorsers);
    return true;
  } catch {
    return false;
  }
}

function recordChanges({ namespace, set }: NamespaceRwSet, changed: ChangedPolicies): void {
  for (const write of set.getMetadataWritesList()) changed.add(changedKey(namespace, '', write.getKey()));
}

/** True for a CONFIG envelope. */
export const isConfig = ({ channelHeader }: OpenedEnvelope): boolean =>
  channelHeader.getType() === common.HeaderType.CONFIG;
