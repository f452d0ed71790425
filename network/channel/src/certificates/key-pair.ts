import { generateKeyPairSync } from 'node:crypto';

/** A certificate and the private key that belongs to it. */
export interface KeyPair {
  /** PEM */
  readonly certificate: string;
  /** PKCS#8 PEM */
  readonly privateKey: string;
}

/** A root certificate authority, as far as an organization has it. */
export interface Authority {
  /** PEM, self-signed. */
  readonly certificate: string;
  /** PKCS#8 PEM; absent where the authority is run elsewhere and certificates are brought from it. */
  readonly privateKey?: string | undefined;
  /** The authorities between it and those certificates, PEM. */
  readonly intermediates?: readonly string[] | undefined;
}

/** A fresh ECDSA P-256 key: the public half as SubjectPublicKeyInfo (DER), the private half as PKCS#8 PEM. */
export function generateKey(): { publicKey: Uint8Array; privateKey: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'prime256v1',
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return { publicKey, privateKey };
}
