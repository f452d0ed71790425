/**
 * Signing with an organization's key.
 *
 * The client library's own signer computes the curve in JavaScript, about 1 ms a signature; OpenSSL behind node:crypto
 * takes a twentieth of that, but doesn't normalise S, and Fabric refuses signatures with a high S.
 */
import { createPrivateKey, sign } from 'node:crypto';
import type { Signer } from '@hyperledger/fabric-gateway';
import { lowSDer } from 'umlauf-client';

const COORDINATE_BYTES = 32;

/**
 * A signer of the messages themselves, SHA-256 inside: so the client has to be given no hash of its own
 * (`hash.none`).
 * @param privateKey PEM of a P-256 key.
 * @throws {TypeError} if it isn't one.
 */
export function ecdsaSigner(privateKey: string): Signer {
  const key = createPrivateKey(privateKey);
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new TypeError('must be a P-256 key');
  return (message) => {
    const raw = sign('sha256', message, { key, dsaEncoding: 'ieee-p1363' });
    if (raw.length !== 2 * COORDINATE_BYTES) throw new TypeError('unexpected length of a signature');
    return Promise.resolve(lowSDer(raw));
  };
}
