/**
 * How `_lifecycle` lays records into the state (Fabric: lifecycle.Serializer): one key for the record's type and the
 * names of its fields, one for each field, and only what changes is written.
 */
import { createHash } from 'node:crypto';
import { peer } from '@hyperledger/fabric-protos';

const { StateData, StateMetadata } = peer.lifecycle;

export type Field =
  | { readonly name: string; readonly integer: number }
  | { readonly name: string; readonly bytes: Uint8Array }
  | { readonly name: string; readonly text: string };

/** A record: the name of its type and its fields in order. */
export interface LifecycleRecord {
  readonly datatype: string;
  readonly fields: readonly Field[];
}

export interface ReadableState {
  get(key: string): Uint8Array | undefined;
}

export interface WritableState extends ReadableState {
  put(key: string, value: Uint8Array): void;
}

/** A state of which only the hashes can be seen: another organization's implicit collection. */
export interface OpaqueState {
  hash(key: string): Uint8Array | undefined;
}

const metadataKey = (prefix: string, name: string): string => `${prefix}/metadata/${name}`;

/** The keys of all records' metadata: the start, which the names follow, and the end, which is no longer one. */
export const metadataKeys = (prefix: string): { readonly start: string; readonly end: string } => ({
  start: metadataKey(prefix, ''),
  end: `${prefix}/metadata0`,
});
const fieldKey = (prefix: string, name: string, field: string): string => `${prefix}/fields/${name}/${field}`;

function fieldBytes(field: Field): Uint8Array {
  const data = new StateData();
  if ('integer' in field) data.setInt64(field.integer);
  else if ('bytes' in field) data.setBytes(field.bytes);
  else data.setString(field.text);
  return data.serializeBinary();
}

function metadataBytes({ datatype, fields }: LifecycleRecord): Uint8Array {
  const metadata = new StateMetadata();
  metadata.setDatatype(datatype);
  metadata.setFieldsList(fields.map(({ name }) => name));
  return metadata.serializeBinary();
}

const same = (a: Uint8Array, b: Uint8Array | undefined): boolean =>
  b !== undefined && Buffer.compare(a, b) === 0;

export function serialize(prefix: string, name: string, record: LifecycleRecord, state: WritableState): void {
  const metadata = readMetadata(prefix, name, state);
  const known = new Map(
    metadata?.getFieldsList().map((field) => {
      const key = fieldKey(prefix, name, field);
      return [key, state.get(key)];
    }),
  );
  for (const field of record.fields) {
    const key = fieldKey(prefix, name, field.name);
    const value = fieldBytes(field);
    if (!same(value, known.get(key))) state.put(key, value);
    known.delete(key);
  }
  const unchanged =
    metadata?.getDatatype() === record.datatype &&
    metadata.getFieldsList().length === record.fields.length &&
    known.size === 0;
  if (!unchanged) state.put(metadataKey(prefix, name), metadataBytes(record));
  for (const key of known.keys()) state.put(key, new Uint8Array());
}

/** Whether a state holds exactly this record, told from hashes alone. */
export function isSerialized(
  prefix: string,
  name: string,
  record: LifecycleRecord,
  state: OpaqueState,
): { matches: boolean; mismatches: string[] } {
  const metadata = state.hash(metadataKey(prefix, name));
  const hashes = record.fields.map((field) => state.hash(fieldKey(prefix, name, field.name)));
  if (!same(sha256(metadataBytes(record)), metadata)) {
    return { matches: false, mismatches: [record.datatype] };
  }
  const mismatches = record.fields
    .filter((field, index) => !same(sha256(fieldBytes(field)), hashes[index]))
    .map(({ name: field }) => field);
  return { matches: mismatches.length === 0, mismatches };
}

export function readMetadata(
  prefix: string,
  name: string,
  state: ReadableState,
): peer.lifecycle.StateMetadata | undefined {
  const bytes = state.get(metadataKey(prefix, name));
  return bytes === undefined ? undefined : StateMetadata.deserializeBinary(bytes);
}

/** A field; an absent one reads as empty. */
export function readField(
  prefix: string,
  name: string,
  field: string,
  state: ReadableState,
): peer.lifecycle.StateData {
  const bytes = state.get(fieldKey(prefix, name, field));
  return StateData.deserializeBinary(bytes ?? new Uint8Array());
}

const sha256 = (data: Uint8Array): Buffer => createHash('sha256').update(data).digest();
