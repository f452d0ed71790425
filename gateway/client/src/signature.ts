/** Signing as Fabric wants it: ECDSA on P-256 with SHA-256, in DER, with S in the lower half of the group order. */
import { p256 } from '@noble/curves/nist';

/** Signs a message; SHA-256 is taken inside. Answers DER with a low S. */
export type Sign = (message: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>;

/**
 * DER of a raw P-256 signature (r ‖ s, 64 bytes), with a low S: Fabric refuses the other half, so that nobody can make a
 * second valid signature of one.
 */
export function lowSDer(raw: Uint8Array): Uint8Array {
  const signature = p256.Signature.fromBytes(raw, 'compact');
  const low = signature.hasHighS()
    ? new p256.Signature(signature.r, p256.Point.Fn.neg(signature.s))
    : signature;
  return low.toBytes('der');
}

/**
 * The raw form (r ‖ s, 64 bytes) of a signature in DER.
 * @throws {Error} if it is no DER, or its S is high.
 */
export function rawOfLowS(der: Uint8Array): Uint8Array {
  const signature = p256.Signature.fromBytes(der, 'der');
  if (signature.hasHighS()) throw new Error('the signature has a high S');
  return signature.toBytes('compact');
}

/** `CryptoKey`, by whatever name the platform's types have it. */
export type SigningKey = Parameters<typeof crypto.subtle.sign>[1];

/** Signs with a key of WebCrypto, which may be one that can't be exported. */
export function signWith(privateKey: SigningKey): Sign {
  return async (message) =>
    lowSDer(
      new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, message)),
    );
}

/**
 * Takes a private key from PEM (PKCS #8) as one that can sign and not be exported again.
 * @throws {DOMException} if it is no P-256 key.
 */
export function privateKeyFromPem(pem: string): Promise<SigningKey> {
  const content = /-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----/.exec(pem)?.[1] ?? '';
  const der = Uint8Array.from(atob(content.replaceAll(/\s/g, '')), (character) => character.charCodeAt(0));
  return crypto.subtle.importKey('pkcs8', der, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
}
