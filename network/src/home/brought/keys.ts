import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomically } from '../files.js';

const NAME_DIGITS = 32;

/**
 * The keys that a member has made for certificates of its own authority: files that only their owner can read, named
 * after the public key, so that whatever comes back finds its key. None is ever removed here.
 */
export class KeyFolder {
  constructor(private readonly folder: string) {}

  /** @param publicKey SubjectPublicKeyInfo, DER */
  keep(publicKey: Uint8Array, privateKey: string): void {
    writeAtomically(this.file(publicKey), privateKey);
  }

  has(publicKey: Uint8Array): boolean {
    return existsSync(this.file(publicKey));
  }

  /**
   * The private key (PEM) that belongs to a certificate (PEM); undefined if it isn't here.
   * @throws Error if it is no certificate
   */
  of(certificate: string): string | undefined {
    const file = this.file(publicKeyOf(certificate));
    if (!existsSync(file)) return undefined;
    const privateKey = readFileSync(file, 'utf8');
    return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(privateKey))
      ? privateKey
      : undefined;
  }

  private file(publicKey: Uint8Array): string {
    const name = createHash('sha256').update(publicKey).digest('hex').slice(0, NAME_DIGITS);
    return join(this.folder, `${name}.key`);
  }
}

/** SubjectPublicKeyInfo (DER) of a certificate (PEM). */
export function publicKeyOf(certificate: string): Uint8Array {
  return new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' });
}
