/** Certificates as they stand in files (PEM, RFC 7468). */
import { X509Certificate } from 'node:crypto';
import { z } from 'zod';

/** Something in PEM; what it has to be, whoever reads it checks. */
export const Pem = z.string().min(1);

/** Certificate authorities that somebody else's TLS certificate is checked against. */
export const TlsRoots = Pem.refine((pem) => {
  try {
    return new X509Certificate(pem).ca;
  } catch {
    return false;
  }
}, 'must be PEM of a certificate authority');

/** The certificates in a text, one after the other; what stands between them doesn't matter. */
export const certificatesIn = (pem: string): string[] =>
  pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
