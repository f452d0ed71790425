import {
  DER_SEQUENCE,
  derChildren,
  derEncode,
  derInteger,
  expectDer,
  readPositiveInteger,
} from '../encoding/der.js';

/** Order of the curve P-256 (NIST SP 800-186, 3.2.1.3). */
export const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const HALF_ORDER = P256_ORDER >> 1n;

/** An ECDSA signature as its two numbers. */
interface EcdsaSignature {
  readonly r: bigint;
  readonly s: bigint;
}

/**
 * Reads a DER signature as Fabric does: strict integers, anything after the sequence ignored.
 * @throws DerError if it is none
 */
export function decodeSignature(der: Uint8Array): EcdsaSignature {
  const [r, s] = derChildren(expectDer(der, DER_SEQUENCE));
  return { r: readPositiveInteger(r), s: readPositiveInteger(s) };
}

/** Writes a signature as DER. */
export function encodeSignature({ r, s }: EcdsaSignature): Uint8Array {
  return derEncode(DER_SEQUENCE, derInteger(r), derInteger(s));
}

/** Whether s is at most half the order. Fabric refuses any other signature as malleable. */
export function isLowS({ s }: EcdsaSignature): boolean {
  return s <= HALF_ORDER;
}

/** The one of the two equivalent signatures that Fabric accepts: s, or n − s where s is above half the order. */
export function toLowS(signature: EcdsaSignature): EcdsaSignature {
  return isLowS(signature) ? signature : { r: signature.r, s: P256_ORDER - signature.s };
}

/** From the fixed-length form r ‖ s (IEEE P1363), which node:crypto makes fastest. */
export function fromP1363(bytes: Uint8Array): EcdsaSignature {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
  return { r: BigInt(`0x${hex.slice(0, 64)}`), s: BigInt(`0x${hex.slice(64)}`) };
}

/** To the fixed-length form r ‖ s, or undefined where a number doesn't fit the curve. */
export function toP1363({ r, s }: EcdsaSignature): Uint8Array | undefined {
  if (r >= P256_ORDER || s >= P256_ORDER) return undefined;
  return Buffer.from(r.toString(16).padStart(64, '0') + s.toString(16).padStart(64, '0'), 'hex');
}
