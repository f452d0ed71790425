import { hex, sha256 } from '../encoding/bytes.js';
import { certificateDer } from './pem.js';

/**
 * SHA-256 of a certificate's DER, 64 lower-case hexadecimal digits.
 * @throws TypeError if the text holds no certificate
 */
export function certificateFingerprint(pem: string): string {
  const der = certificateDer(pem);
  if (!der) throw new TypeError('The text holds no certificate in PEM form');
  return hex(sha256(der));
}
