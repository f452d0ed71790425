/**
 * Bearer tokens: JWT, signed by an issuer that this gateway trusts, for this gateway as audience.
 *
 * The algorithms of each issuer are pinned and only the keys of the issuer that a token names are tried, so neither `none`
 * nor a public key used as an HMAC secret gets through, nor one issuer's key under another's name (RFC 8725, 3.1 and 3.8).
 */
import { decodeJwt, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import type { Role } from 'umlauf-chaincode/api';
import { ProblemError } from '../problem.js';
import type { Caller } from './caller.js';
import { boundCertificate, subjectOf, type Claims } from './claims.js';

/** An issuer whose tokens are accepted. */
export interface TrustedIssuer {
  /** As it stands in `iss`. */
  readonly issuer: string;
  /** One of them must stand in `aud`. */
  readonly audience: readonly string[];
  readonly algorithms: readonly string[];
  /** `typ` that a token must have. */
  readonly type?: string | undefined;
  /** Claims that say whom a token speaks for; the first that is there counts. */
  readonly subject: readonly string[];
  readonly clockToleranceSeconds: number;
  readonly keyFor: JWTVerifyGetKey;
  rolesOf(claims: Claims): Role[];
}

/** A token that has been verified. */
export interface VerifiedToken extends Caller {
  /** SHA-256, in base64url, of the client certificate without which it is worth nothing. */
  readonly x5tS256?: string;
}

const LONGEST_TOKEN = 8_192;
const REMEMBERED_TOKENS = 2_000;
/** A key that its issuer withdraws stands no longer than this for tokens that were verified with it. */
const REMEMBERED_MS = 600_000;
const BEARER = /^Bearer +([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+) *$/i;

interface Remembered {
  readonly token: VerifiedToken;
  readonly untilMs: number;
}

function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWTClaimValidationFailed)
    return error.claim === 'nbf' ? 'not yet valid' : `wrong or missing claim ${error.claim}`;
  if (error instanceof errors.JOSEAlgNotAllowed) return 'algorithm not allowed';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'wrong signature';
  if (error instanceof errors.JWKSNoMatchingKey) return 'unknown key';
  if (error instanceof errors.JWKSMultipleMatchingKeys) return 'the token does not say which key it is of';
  return 'malformed';
}

const unauthenticated = (reason: string, cause?: unknown): ProblemError =>
  new ProblemError('unauthenticated', { reason }, { cause });

/** Verifies bearer tokens; one verified before is remembered for a while, at most until it expires. */
export class TokenVerifier {
  readonly #remembered = new Map<string, Remembered>();
  readonly #issuers: ReadonlyMap<string, TrustedIssuer>;

  constructor(issuers: readonly TrustedIssuer[]) {
    this.#issuers = new Map(issuers.map((issuer) => [issuer.issuer, issuer]));
  }

  /** The token of a request's header `Authorization`, if it was verified a while ago. */
  known(authorization: string | undefined): VerifiedToken | undefined {
    const token = authorization === undefined ? undefined : BEARER.exec(authorization)?.[1];
    const remembered = token === undefined ? undefined : this.#remembered.get(token);
    if (token === undefined || !remembered) return undefined;
    if (remembered.untilMs > Date.now()) return remembered.token;
    this.#remembered.delete(token);
    return undefined;
  }

  /**
   * @param authorization The request's header of that name.
   * @throws {ProblemError} `unauthenticated`, with the reason; `issuer-unavailable` if it can't be judged now.
   */
  async verify(authorization: string | undefined): Promise<VerifiedToken> {
    if (authorization === undefined) throw unauthenticated('missing');
    const token = authorization.length > LONGEST_TOKEN ? undefined : BEARER.exec(authorization)?.[1];
    if (token === undefined) throw unauthenticated('malformed');
    return this.known(authorization) ?? this.#check(token);
  }

  async #check(token: string): Promise<VerifiedToken> {
    let verified: VerifiedToken;
    try {
      const issuer = this.#issuers.get(String(decodeJwt(token).iss));
      if (!issuer) throw unauthenticated('wrong or missing claim iss');
      const { payload } = await jwtVerify(token, issuer.keyFor, {
        algorithms: [...issuer.algorithms],
        issuer: issuer.issuer,
        audience: [...issuer.audience],
        requiredClaims: ['exp'],
        clockTolerance: issuer.clockToleranceSeconds,
        ...(issuer.type === undefined ? {} : { typ: issuer.type }),
      });
      verified = verifiedToken(issuer, payload);
    } catch (error) {
      throw error instanceof ProblemError ? error : unauthenticated(reasonOf(error), error);
    }
    this.#remember(token, verified);
    return verified;
  }

  #remember(text: string, token: VerifiedToken): void {
    const untilMs = Math.min(token.expiresAtMs, Date.now() + REMEMBERED_MS);
    this.#remembered.set(text, { token, untilMs });
    if (this.#remembered.size <= REMEMBERED_TOKENS) return;
    const oldest = this.#remembered.keys().next();
    if (!oldest.done) this.#remembered.delete(oldest.value);
  }
}

function verifiedToken(issuer: TrustedIssuer, claims: JWTPayload): VerifiedToken {
  const subject = subjectOf(claims, issuer.subject);
  if (subject === undefined) throw unauthenticated(`wrong or missing claim ${issuer.subject[0] ?? 'sub'}`);
  const bound = boundCertificate(claims);
  if (bound === 'unsupported') throw unauthenticated('bound to a key that cannot be checked here');
  return {
    // No issuer and no name of a claim has a space in it: no two callers get the same.
    subject: `token ${issuer.issuer} ${subject}`,
    roles: issuer.rolesOf(claims),
    expiresAtMs: Number(claims.exp) * 1_000,
    ...bound,
  };
}

/** `WWW-Authenticate` for a refused request (RFC 6750, 3). */
export function challenge(reason: string): string {
  return reason === 'missing'
    ? 'Bearer realm="umlauf"'
    : `Bearer realm="umlauf", error="invalid_token", error_description="${reason.replaceAll(/["\\]/g, '')}"`;
}
