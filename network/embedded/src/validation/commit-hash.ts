/**
 * The commit hash that every peer keeps in a block's metadata: over validation flags, state changes and the hash of
 * the block before. Two peers whose hashes differ have come apart (Fabric: kvLedger.addBlockCommitHash).
 */
import { createHash } from 'node:crypto';
import type { Updates } from '../ledger/updates.js';
import type { Version } from '../ledger/version.js';
import { BinaryWriter } from 'google-protobuf';

/** A `txmgr.Updates` message, written by hand: it is internal to Fabric's peer and not among its published protos. */
export function updateBytes(updates: Updates): Uint8Array {
  const writer = new BinaryWriter();
  let lastNamespace = '';
  let lastCollection = '';
  for (const [namespace, collection, key, { value, version }] of updates.sorted()) {
    // The channel's configuration lies outside of any namespace; it holds maps, whose bytes have no fixed order.
    if (namespace === '') continue;
    const entry = new BinaryWriter();
    // A repeated namespace or collection is left out.
    if (namespace !== lastNamespace) {
      entry.writeString(1, namespace);
      lastCollection = '';
    }
    if (collection !== lastCollection) entry.writeString(2, collection);
    lastNamespace = namespace;
    lastCollection = collection;
    const name = Buffer.from(key, collection === '' ? 'utf8' : 'hex');
    if (name.length > 0) entry.writeBytes(3, name);
    if (value === undefined) entry.writeBool(4, true);
    else if (value.length > 0) entry.writeBytes(5, value);
    entry.writeBytes(6, versionBytes(version));
    writer.writeBytes(1, entry.getResultBuffer());
  }
  return writer.getResultBuffer();
}

export function commitHash(codes: Uint8Array, updates: Updates, previous: Uint8Array): Uint8Array {
  return createHash('sha256')
    .update(varint(codes.length))
    .update(codes)
    .update(updateBytes(updates))
    .update(previous)
    .digest();
}

const versionBytes = ({ block, transaction }: Version): Buffer =>
  Buffer.concat([orderPreserving(block), orderPreserving(transaction)]);

/** The number of significant bytes, then these, big-endian (Fabric: EncodeOrderPreservingVarUint64). */
function orderPreserving(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  const first = bytes.findIndex((byte) => byte !== 0);
  const significant = first === -1 ? bytes.subarray(8) : bytes.subarray(first);
  return Buffer.concat([Buffer.of(significant.length), significant]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  return Buffer.from([...bytes, rest]);
}
