/**
 * The few pieces of DER (ITU-T X.690) that Fabric's formats need beyond what an X.509 library gives:
 * ECDSA signatures, block headers, and replacing the signature of a certificate.
 */

export const DER_INTEGER = 0x02;
export const DER_BIT_STRING = 0x03;
export const DER_OCTET_STRING = 0x04;
export const DER_OBJECT_IDENTIFIER = 0x06;
export const DER_SEQUENCE = 0x30;

/** Bytes that are no (minimal, definite-length) DER. */
export class DerError extends Error {
  override readonly name = 'DerError';
}

/** One element: its tag, the bytes inside it, and all of its bytes. */
export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly raw: Uint8Array;
}

/** Encodes one element with the concatenation of `parts` as its content. */
export function derEncode(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), encodeLength(content.length), content]);
}

/** Encodes a non-negative integer, minimally. */
export function derInteger(value: bigint): Uint8Array {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  const first = bytes[0] ?? 0;
  return derEncode(DER_INTEGER, first & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

/**
 * Reads the element at `offset`; bytes after it are left alone, as Go's asn1.Unmarshal does.
 * @throws DerError if there is no complete element or its length is not minimal
 */
export function readDer(bytes: Uint8Array, offset = 0): DerElement {
  const tag = bytes[offset];
  const short = bytes[offset + 1];
  if (tag === undefined || short === undefined) throw new DerError('truncated element');
  let length = short;
  let start = offset + 2;
  if (short & 0x80) {
    const size = short & 0x7f;
    if (size === 0 || size > 4) throw new DerError('unsupported length');
    length = 0;
    for (let i = 0; i < size; i++) length = length * 256 + (bytes[start + i] ?? 0);
    start += size;
    if (length < 0x80 || length < 256 ** (size - 1)) throw new DerError('length is not minimal');
  }
  const end = start + length;
  if (end > bytes.length) throw new DerError('truncated element');
  return { tag, content: bytes.subarray(start, end), raw: bytes.subarray(offset, end) };
}

/**
 * Reads one element and checks its tag.
 * @throws DerError if the tag is another
 */
export function expectDer(bytes: Uint8Array, tag: number): DerElement {
  const element = readDer(bytes);
  if (element.tag !== tag) throw new DerError(`expected tag ${tag}, found ${element.tag}`);
  return element;
}

/** Reads all elements of a constructed element's content. */
export function derChildren(element: DerElement): DerElement[] {
  const children: DerElement[] = [];
  for (let offset = 0; offset < element.content.length;) {
    const child = readDer(element.content, offset);
    children.push(child);
    offset += child.raw.length;
  }
  return children;
}

/**
 * Reads a positive integer.
 * @throws DerError if it is negative, zero or not minimal
 */
export function readPositiveInteger(element: DerElement | undefined): bigint {
  if (element?.tag !== DER_INTEGER) throw new DerError('expected an integer');
  const [first, second] = element.content;
  if (first === undefined) throw new DerError('empty integer');
  if (first & 0x80) throw new DerError('integer is negative');
  if (first === 0 && second !== undefined && !(second & 0x80)) throw new DerError('integer is not minimal');
  const value = BigInt(`0x${Buffer.from(element.content).toString('hex')}`);
  if (value === 0n) throw new DerError('integer is zero');
  return value;
}

function encodeLength(length: number): Uint8Array {
  if (length < 0x80) return Buffer.from([length]);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Buffer.from([0x80 | bytes.length, ...bytes]);
}
