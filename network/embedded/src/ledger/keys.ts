/**
 * Where things lie in the store. The first byte is the kind; names are UTF-8, so that keys sort as they do in
 * Fabric's LevelDB (bytes, where JavaScript would compare UTF-16 units); a zero byte separates namespaces.
 */
const separator = Buffer.of(0);
const afterSeparator = Buffer.of(1);
const text = (value: string): Buffer => Buffer.from(value, 'utf8');

function number64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

export const metaKey = (name: string): Uint8Array => text(`m${name}`);
export const blockKey = (number: number): Uint8Array => Buffer.concat([text('b'), number64(number)]);
export const blockHashKey = (hash: Uint8Array): Uint8Array => Buffer.concat([text('x'), hash]);
export const transactionKey = (id: string): Uint8Array => text(`t${id}`);

const statePrefix = (namespace: string): Buffer => Buffer.concat([text(`s${namespace}`), separator]);

export const stateKey = (namespace: string, key: string): Uint8Array =>
  Buffer.concat([statePrefix(namespace), text(key)]);

/** From `start` (included) to `end` (excluded; empty: the end of the namespace). */
export function stateRange(namespace: string, start: string, end: string): { start: Buffer; end: Buffer } {
  const prefix = statePrefix(namespace);
  return {
    start: Buffer.concat([prefix, text(start)]),
    end:
      end === ''
        ? Buffer.concat([text(`s${namespace}`), afterSeparator])
        : Buffer.concat([prefix, text(end)]),
  };
}

/** The key part of a stored state key. */
export const keyOfState = (namespace: string, stored: Uint8Array): string =>
  Buffer.from(stored.buffer, stored.byteOffset, stored.length)
    .subarray(statePrefix(namespace).length)
    .toString('utf8');

/** The public hash of a private entry (Fabric keeps these on every peer). */
export const hashedStateKey = (namespace: string, collection: string, keyHash: Uint8Array): Uint8Array =>
  Buffer.concat([text(`p${namespace}`), separator, text(collection), separator, keyHash]);

/** The private entry itself, on the peers of the collection's organizations. */
export const privateStateKey = (namespace: string, collection: string, key: string): Uint8Array =>
  Buffer.concat([text(`o${namespace}`), separator, text(collection), separator, text(key)]);

// The key's length comes first, else one key's history would lie within another's whose name it begins with.
function historyPrefix(namespace: string, key: string): Buffer {
  const name = text(key);
  return Buffer.concat([text(`h${namespace}`), separator, number64(name.length), name]);
}

export const historyKey = (namespace: string, key: string, block: number, transaction: number): Uint8Array =>
  Buffer.concat([historyPrefix(namespace, key), number64(block), number64(transaction)]);

export function historyRange(namespace: string, key: string): { start: Buffer; end: Buffer } {
  const prefix = historyPrefix(namespace, key);
  return { start: prefix, end: Buffer.concat([prefix, Buffer.alloc(9, 0xff)]) };
}
