/** Who makes a request, by everything that proves it. */
import { ProblemError } from '../problem.js';
import type { Caller } from './caller.js';
import { certificateRoles, certificateSubject, type ClientCertificate } from './certificates.js';
import type { CertificateRule } from './settings.js';
import type { StrangersLimit } from './strangers.js';
import type { TokenVerifier, VerifiedToken } from './tokens.js';

/** What a request brings to prove who makes it. */
export interface Evidence {
  /** Its header of that name. */
  readonly authorization: string | undefined;
  /** That of its connection. */
  readonly certificate: ClientCertificate | undefined;
  /** Address that it comes from. */
  readonly address: string;
}

/** What callers are judged by. */
export interface AuthenticationParts {
  readonly tokens: TokenVerifier;
  readonly rules: readonly CertificateRule[];
  /** Whether a token and a certificate are needed, or either will do. */
  readonly require: 'any' | 'both';
  readonly strangers: StrangersLimit;
}

const unauthenticated = (reason: string): ProblemError => new ProblemError('unauthenticated', { reason });

/** Finds out who calls. */
export class Authentication {
  constructor(private readonly parts: AuthenticationParts) {}

  /**
   * Whoever was verified a while ago is known without further ado, also while others at the same address fail too often.
   * @throws {ProblemError} `unauthenticated`, `issuer-unavailable`, `too-many-requests`.
   */
  async caller(evidence: Evidence): Promise<Caller> {
    const { tokens, strangers } = this.parts;
    const { authorization, certificate, address } = evidence;
    const known = tokens.known(authorization);
    if (known) return this.#judged(known, certificate);
    await strangers.check(address);
    try {
      const isToken = authorization !== undefined || !certificate;
      return this.#judged(isToken ? await tokens.verify(authorization) : undefined, certificate);
    } catch (error) {
      await strangers.count(address);
      throw error;
    }
  }

  #judged(token: VerifiedToken | undefined, certificate: ClientCertificate | undefined): Caller {
    const { rules, require } = this.parts;
    if (token?.x5tS256 !== undefined && token.x5tS256 !== thumbprint(certificate))
      throw unauthenticated('bound to a certificate that the connection does not have');
    if (require === 'both' && !(token && certificate))
      throw unauthenticated(token ? 'the connection has no client certificate' : 'missing');
    const byCertificate = certificate && holder(certificate, rules);
    if (!token || !byCertificate) return token ?? byCertificate ?? notThere();
    return {
      // What certificates are called is JSON, which tells where it ends: no two callers get the same.
      subject: `${byCertificate.subject} ${token.subject}`,
      roles: token.roles.filter((role) => byCertificate.roles.includes(role)),
      expiresAtMs: Math.min(token.expiresAtMs, byCertificate.expiresAtMs),
    };
  }
}

const notThere = (): never => {
  throw unauthenticated('missing');
};

/** `x5t#S256` (RFC 8705, 3.1). */
const thumbprint = (certificate: ClientCertificate | undefined): string | undefined =>
  certificate && Buffer.from(certificate.fingerprint, 'hex').toString('base64url');

/** @throws {ProblemError} if nobody vouches for the certificate, or not any more: connections outlive it. */
function holder(certificate: ClientCertificate, rules: readonly CertificateRule[]): Caller {
  const { objection, expiresAtMs } = certificate;
  if (objection !== undefined) throw unauthenticated(`the client certificate is not valid: ${objection}`);
  if (!(expiresAtMs > Date.now())) throw unauthenticated('the client certificate has expired');
  return {
    subject: `certificate ${certificateSubject(certificate)}`,
    roles: certificateRoles(rules, certificate),
    expiresAtMs,
  };
}
