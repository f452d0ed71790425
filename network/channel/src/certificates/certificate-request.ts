import type { Attributes } from './attributes.js';

/** Until when something is valid. */
export interface ValidityPeriod {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** What a certificate is for: signing on a channel (an MSP identity), or TLS between hosts. */
export type CertificateUse =
  | { readonly kind: 'signing'; readonly attributes?: Attributes | undefined }
  | { readonly kind: 'tls'; readonly hosts: readonly string[] };

/** A certificate to be issued. */
export interface CertificateRequest {
  readonly commonName: string;
  /** The node OU (peer, orderer, admin, client) first, then any others. */
  readonly organizationalUnits: readonly string[];
  /** The organization's domain, as O of the subject. */
  readonly organization: string;
  readonly use: CertificateUse;
  readonly validity: ValidityPeriod;
}

/** The key of an authority isn't here: it issues elsewhere. */
export class AuthorityKeyError extends Error {
  override readonly name = 'AuthorityKeyError';
}
