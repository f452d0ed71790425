/** The header `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): by which a repeated request is known. */
import { createHash } from 'node:crypto';
import { rules, type Role } from 'umlauf-chaincode/api';
import type { RequestKey } from '../writes/writes.js';
import { invalidInput } from './input.js';

export const IDEMPOTENCY_KEY = 'Idempotency-Key';

/**
 * A string of structured fields (RFC 8941, 3.3.3), as the draft asks for; or the bare characters, as many clients send
 * them. Both mean the same key.
 */
export const KEY_PATTERN = /^(?:"((?:[ !#-[\]-~]|\\["\\]){1,255})"|([A-Za-z0-9_.:~+/=-]{1,255}))$/;

/**
 * The key that a request carries; `undefined` if it carries none.
 * @throws {ProblemError} `invalid-input`.
 */
function keyIn(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const [, quoted, bare] = KEY_PATTERN.exec(header.trim()) ?? [];
  const key = quoted?.replaceAll(/\\(["\\])/g, '$1') ?? bare;
  if (key === undefined)
    throw invalidInput(
      IDEMPOTENCY_KEY,
      'must be one string of 1 to 255 printable ASCII characters in quotes',
    );
  return key;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A request as far as it tells whether another is the same. */
export interface KeyedRequest {
  /** Value of the header. */
  readonly header: string | undefined;
  /** Whom the caller's proof speaks for, and who vouches for that. */
  readonly subject: string;
  /** Whose key signs. */
  readonly role: Role;
  readonly method: string;
  readonly path: string;
  /** JSON value of the body. */
  readonly body: unknown;
}

/**
 * By what a request is known when it is repeated: a key is its caller's own, and stands for one method, path and body.
 * @returns `undefined` if it carries no key.
 * @throws {ProblemError} `invalid-input`.
 */
export function requestKey({
  header,
  subject,
  role,
  method,
  path,
  body,
}: KeyedRequest): RequestKey | undefined {
  const key = keyIn(header);
  if (key === undefined) return undefined;
  return {
    id: `key-${sha256(JSON.stringify([subject, role, key]))}`,
    fingerprint: sha256(rules.canonicalJson([method, path, body ?? null])),
  };
}
