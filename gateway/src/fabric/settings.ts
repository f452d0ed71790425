/** What an administrator can say of a gateway's own peer and keys: the schema of the settings `peer` and `identities`. */
import { X509Certificate, createPrivateKey } from 'node:crypto';
import { ROLES } from 'umlauf-chaincode/api';
import { z } from 'zod';
import { Pem, TlsRoots } from '../pem.js';
import type { Pkcs11Key } from './pkcs11.js';

/** A peer of the organization's own. */
export const Peer = z.strictObject({
  endpoint: z.string().regex(/^[^\s:/]+:\d{1,5}$/, 'must be host:port'),
  tlsRootCertificates: TlsRoots,
  serverNameOverride: z.string().min(1).optional(),
});

/** A peer of the organization's own. */
export interface PeerOptions {
  /** `host:port`. */
  readonly endpoint: string;
  /** PEM. */
  readonly tlsRootCertificates: string;
  /** Name in the peer's TLS certificate, if it isn't the endpoint's host. */
  readonly serverNameOverride?: string;
}

/** A ledger identity of the organization. */
export interface IdentityOptions {
  /** PEM. */
  readonly certificate: string;
  /** PEM, P-256; or {@link pkcs11}. */
  readonly privateKey?: string | undefined;
  /** Where the private key is, if it stays in a hardware security module. */
  readonly pkcs11?: Pkcs11Key | undefined;
}

/** A private key in a hardware security module. */
const Pkcs11 = z.strictObject({
  /** Path of the library of the module. */
  library: z.string().min(1),
  /** Label of the token. */
  token: z.string().min(1),
  pin: z.string().trim().min(1),
  /** Default: as Fabric computes it from the certificate. */
  keyId: z
    .string()
    .regex(/^(?:[0-9a-f]{2})+$/, 'must be the id of a key in lower-case hexadecimal')
    .optional(),
});

const Identity = z
  .strictObject({ certificate: Pem, privateKey: Pem.optional(), pkcs11: Pkcs11.optional() })
  .superRefine((identity, context) => {
    const problem = identityProblem(identity);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  });

function identityProblem(identity: IdentityOptions): string | undefined {
  if ((identity.privateKey === undefined) === (identity.pkcs11 === undefined))
    return 'must have either privateKey or pkcs11';
  try {
    const certificate = new X509Certificate(identity.certificate);
    if (certificate.publicKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1')
      return 'the private key must be on P-256';
    if (identity.privateKey === undefined) return undefined;
    const key = createPrivateKey(identity.privateKey);
    if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') return 'the private key must be on P-256';
    if (!certificate.checkPrivateKey(key)) return 'the private key does not belong to the certificate';
  } catch {
    return 'must be PEM of a certificate and of its private key';
  }
  return undefined;
}

/** The organization's ledger identities, by the offices that they stand for. */
export const Identities = z
  .partialRecord(z.enum(ROLES), Identity)
  .refine((identities) => Object.keys(identities).length > 0, 'must have an identity for at least one role');
