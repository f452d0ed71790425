/** Metadata of a state entry (Fabric: statemetadata): named values, kept as a `KVMetadataWrite` without its key. */
import { ledger } from '@hyperledger/fabric-protos';
import type { peer } from '@hyperledger/fabric-protos';

const { KVMetadataWrite } = ledger.rwset.kvrwset;

/** The name under which a key's own endorsement policy lies: `MetaDataKeys_VALIDATION_PARAMETER.String()`. */
const VALIDATION_PARAMETER = 'VALIDATION_PARAMETER' satisfies keyof typeof peer.MetaDataKeys;

export function encodeMetadata(write: ledger.rwset.kvrwset.KVMetadataWrite): Uint8Array {
  const stored = new KVMetadataWrite();
  stored.setEntriesList(write.getEntriesList());
  return stored.serializeBinary();
}

export function decodeMetadata(bytes: Uint8Array | undefined): ReadonlyMap<string, Uint8Array> {
  if (bytes === undefined) return new Map();
  const entries = KVMetadataWrite.deserializeBinary(bytes).getEntriesList();
  return new Map(entries.map((entry) => [entry.getName(), entry.getValue_asU8()]));
}

/** The key's own endorsement policy, a serialised `SignaturePolicyEnvelope`; `undefined` if it has none. */
export function keyPolicy(metadata: Uint8Array | undefined): Uint8Array | undefined {
  const policy = decodeMetadata(metadata).get(VALIDATION_PARAMETER);
  return policy === undefined || policy.length === 0 ? undefined : policy;
}
