/** Lays a valid transaction's writes into the block's updates (Fabric: prepareTxOps and applyWriteSet). */
import type { ledger } from '@hyperledger/fabric-protos';
import { encodeMetadata } from '../ledger/metadata.js';
import type { Update, Updates } from '../ledger/updates.js';
import type { Version } from '../ledger/version.js';
import type { StateReader } from '../ledger/view.js';
import type { NamespaceRwSet } from '../protocol/envelope.js';

interface Operation {
  /** `null` deletes the key. */
  value?: Uint8Array | null;
  /** `null` removes the metadata. */
  metadata?: Uint8Array | null;
}

export function applyWrites(
  rwSet: readonly NamespaceRwSet[],
  version: Version,
  state: StateReader,
  updates: Updates,
): void {
  for (const { namespace, set, collections } of rwSet) {
    const operations = new Map<string, Operation>();
    const operation = (key: string): Operation => {
      const found = operations.get(key) ?? {};
      operations.set(key, found);
      return found;
    };
    for (const write of set.getWritesList()) operation(write.getKey()).value = written(write);
    for (const write of set.getMetadataWritesList()) {
      operation(write.getKey()).metadata = write.getEntriesList().length === 0 ? null : encodeMetadata(write);
    }
    for (const [key, change] of operations) {
      const update = resulting(change, version, current(namespace, key, state, updates));
      if (update !== undefined) updates.set(namespace, '', key, update);
    }
    for (const { name, set: hashed } of collections) {
      for (const write of hashed.getHashedWritesList()) {
        const key = Buffer.from(write.getKeyHash_asU8()).toString('hex');
        const value = write.getValueHash_asU8();
        const gone = write.getIsDelete() || value.length === 0;
        updates.set(namespace, name, key, gone ? { version } : { value, version });
      }
    }
  }
}

const written = (write: ledger.rwset.kvrwset.KVWrite): Uint8Array | null =>
  write.getIsDelete() || write.getValue_asU8().length === 0 ? null : write.getValue_asU8();

/** What stands under a key after the block's earlier transactions. */
function current(
  namespace: string,
  key: string,
  state: StateReader,
  updates: Updates,
): { value?: Uint8Array; metadata?: Uint8Array } {
  return updates.get(namespace, '', key) ?? state.get(namespace, key) ?? {};
}

function resulting(
  { value, metadata }: Operation,
  version: Version,
  before: { value?: Uint8Array; metadata?: Uint8Array },
): Update | undefined {
  if (value === null) return { version };
  const newValue = value ?? before.value;
  // Metadata of a key that doesn't exist is dropped.
  if (newValue === undefined) return undefined;
  const newMetadata = metadata === undefined ? before.metadata : (metadata ?? undefined);
  return newMetadata === undefined
    ? { value: newValue, version }
    : { value: newValue, metadata: newMetadata, version };
}
