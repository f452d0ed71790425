import { replaceSignature } from '../certificates/certificate-der.js';
import { DER_SEQUENCE, derChildren, expectDer } from '../encoding/der.js';
import { decodeSignature, encodeSignature, P256_ORDER } from '../signing/ecdsa.js';

/** The other form of a low-S signature (DER): as valid to OpenSSL, refused by Fabric. */
export function highS(signature: Uint8Array): Uint8Array {
  const { r, s } = decodeSignature(signature);
  return encodeSignature({ r, s: P256_ORDER - s });
}

/** The same certificate (DER) with the other form of its signature. */
export function withHighS(certificate: Uint8Array): Uint8Array {
  const [, , signature] = derChildren(expectDer(certificate, DER_SEQUENCE));
  if (!signature) throw new TypeError('not a certificate');
  return replaceSignature(certificate, highS(signature.content.subarray(1)));
}
