/**
 * Bearer tokens: JWT, signed with ES256 by the one issuer that this gateway trusts, for this gateway as audience.
 *
 * The algorithm is pinned, so neither `none` nor a public key used as an HMAC secret gets through (RFC 8725, 3.1).
 */
import { createLocalJWKSet, errors, jwtVerify, type JSONWebKeySet } from 'jose';
import { ProblemError } from '../problem.js';
import { rolesOf, type Caller } from './caller.js';

/** Whose tokens are accepted. */
export interface TokenOptions {
  readonly issuer: string;
  readonly audience: string;
  /** The issuer's public keys. */
  readonly jwks: JSONWebKeySet;
}

const ALGORITHM = 'ES256';
const LONGEST_TOKEN = 8_192;
const REMEMBERED_TOKENS = 2_000;
const BEARER = /^Bearer +([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+) *$/i;

interface Remembered {
  readonly caller: Caller;
  readonly expiresAtMs: number;
}

function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWTClaimValidationFailed)
    return error.claim === 'nbf' ? 'not yet valid' : `wrong or missing claim ${error.claim}`;
  if (error instanceof errors.JOSEAlgNotAllowed) return 'algorithm not allowed';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'wrong signature';
  if (error instanceof errors.JWKSNoMatchingKey) return 'unknown key';
  return 'malformed';
}

/** Verifies bearer tokens; one verified before is remembered until it expires. */
export class TokenVerifier {
  readonly #keys: ReturnType<typeof createLocalJWKSet>;
  readonly #remembered = new Map<string, Remembered>();

  constructor(private readonly options: TokenOptions) {
    this.#keys = createLocalJWKSet(options.jwks);
  }

  /**
   * @param authorization The request's header of that name.
   * @throws {ProblemError} `unauthenticated`, with the reason.
   */
  async verify(authorization: string | undefined): Promise<Caller> {
    if (authorization === undefined) throw new ProblemError('unauthenticated', { reason: 'missing' });
    const token = authorization.length > LONGEST_TOKEN ? undefined : BEARER.exec(authorization)?.[1];
    if (token === undefined) throw new ProblemError('unauthenticated', { reason: 'malformed' });
    const remembered = this.#remembered.get(token);
    if (remembered) {
      if (remembered.expiresAtMs > Date.now()) return remembered.caller;
      this.#remembered.delete(token);
    }
    return this.#check(token);
  }

  async #check(token: string): Promise<Caller> {
    const { issuer, audience } = this.options;
    try {
      const { payload } = await jwtVerify(token, this.#keys, {
        algorithms: [ALGORITHM],
        issuer,
        audience,
        requiredClaims: ['exp', 'sub'],
      });
      const expiresAtMs = Number(payload.exp) * 1_000;
      const caller = { subject: String(payload.sub), roles: rolesOf(payload), expiresAtMs };
      this.#remember(token, { caller, expiresAtMs });
      return caller;
    } catch (error) {
      throw new ProblemError('unauthenticated', { reason: reasonOf(error) }, { cause: error });
    }
  }

  #remember(token: string, entry: Remembered): void {
    this.#remembered.set(token, entry);
    if (this.#remembered.size <= REMEMBERED_TOKENS) return;
    const oldest = this.#remembered.keys().next();
    if (!oldest.done) this.#remembered.delete(oldest.value);
  }
}

/** `WWW-Authenticate` for a refused request (RFC 6750, 3). */
export function challenge(reason: string): string {
  return reason === 'missing'
    ? 'Bearer realm="umlauf"'
    : `Bearer realm="umlauf", error="invalid_token", error_description="${reason.replaceAll(/["\\]/g, '')}"`;
}
