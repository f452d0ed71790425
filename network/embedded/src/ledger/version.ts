/** The version of a state entry: where in the chain it was last written (Fabric: version.Height). */
export interface Version {
  readonly block: number;
  readonly transaction: number;
}

/** Two versions are the same if both are absent (the key doesn't exist) or both name the same transaction. */
export function sameVersion(a: Version | undefined, b: Version | undefined): boolean {
  return a?.block === b?.block && a?.transaction === b?.transaction;
}

/** What the world state holds under a key. */
export interface VersionedValue {
  readonly value: Uint8Array;
  /** A serialised `KVMetadataWrite` with the key's metadata entries, e.g. its endorsement policy. */
  readonly metadata?: Uint8Array;
  readonly version: Version;
}

export interface StateEntry extends VersionedValue {
  readonly key: string;
}

/** Stored form: block (8 bytes), transaction (4), length of the metadata (4), metadata, value; big-endian. */
export function encodeVersionedValue({ value, metadata, version }: VersionedValue): Uint8Array {
  const meta = metadata ?? new Uint8Array();
  const head = Buffer.alloc(16);
  head.writeBigUInt64BE(BigInt(version.block), 0);
  head.writeUInt32BE(version.transaction, 8);
  head.writeUInt32BE(meta.length, 12);
  return Buffer.concat([head, meta, value]);
}

export function decodeVersionedValue(bytes: Uint8Array): VersionedValue {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const version = { block: Number(buffer.readBigUInt64BE(0)), transaction: buffer.readUInt32BE(8) };
  const end = 16 + buffer.readUInt32BE(12);
  const value = buffer.subarray(end);
  return end > 16 ? { value, metadata: buffer.subarray(16, end), version } : { value, version };
}
