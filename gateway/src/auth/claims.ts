/** What a token's claims say, by an administrator's mapping: pure functions of claims that have been verified. */
import { ROLES, type Role } from 'umlauf-chaincode/api';

export type Claims = Readonly<Record<string, unknown>>;

/** Which values of a claim give which role. */
export interface RoleMapping {
  /** Path of the claim: one name for each level, such as `['realm_access', 'roles']`. */
  readonly claim: readonly string[];
  /** Values that give each role; a role without any is given to nobody. */
  readonly values: Readonly<Partial<Record<Role, readonly string[]>>>;
}

/** Claims whose text is a list with spaces between (RFC 8693, 4.2; `scp` is what some issuers call it). */
const SPACED: ReadonlySet<string> = new Set(['scope', 'scp']);
/** Longer is nobody's name; it would stand in every line of the audit log. */
const LONGEST_NAME = 256;

function claimAt(claims: Claims, path: readonly string[]): unknown {
  let inner: unknown = claims;
  for (const name of path) {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner) || !Object.hasOwn(inner, name))
      return undefined;
    inner = (inner as Claims)[name];
  }
  return inner;
}

function valuesOf(claims: Claims, path: readonly string[]): unknown[] {
  const found = claimAt(claims, path);
  if (Array.isArray(found)) return found as unknown[];
  if (typeof found === 'string' && SPACED.has(path.at(-1) ?? '')) return found.split(' ');
  return [found];
}

/** The roles that claims give; values that nothing is mapped to are passed over. */
export function mappedRoles(claims: Claims, { claim, values }: RoleMapping): Role[] {
  const given = new Set(valuesOf(claims, claim));
  return ROLES.filter((role) => (values[role] ?? []).some((value) => given.has(value)));
}

/** Roles by their own names, in the claims `roles` (a list) and `role`: as the issuer of the development network gives them. */
export function namedRoles({ roles, role: single }: Claims): Role[] {
  const given: unknown[] = [...(Array.isArray(roles) ? (roles as unknown[]) : []), single];
  return ROLES.filter((role) => given.includes(role));
}

/**
 * Whom claims speak for, with the claim that says so: the first of those named that is a text. A client that acts for
 * itself (client credentials) may have no `sub`, but a `client_id` (RFC 9068, 2.2) or `azp`.
 */
export function subjectOf(claims: Claims, from: readonly string[]): string | undefined {
  for (const name of from) {
    const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
    if (typeof value === 'string' && value !== '' && value.length <= LONGEST_NAME) return `${name} ${value}`;
  }
  return undefined;
}

/**
 * The certificate that a token is bound to (RFC 8705, 3.1): its SHA-256 in base64url; `undefined` if to none.
 * `unsupported`: bound to something that this gateway cannot check, such as a key of DPoP.
 */
export function boundCertificate(claims: Claims): { readonly x5tS256: string } | 'unsupported' | undefined {
  const { cnf } = claims;
  if (cnf === undefined) return undefined;
  const x5tS256 = claimAt(claims, ['cnf', 'x5t#S256']);
  const isOnlyThat = typeof cnf === 'object' && cnf !== null && Object.keys(cnf).length === 1;
  return typeof x5tS256 === 'string' && isOnlyThat ? { x5tS256 } : 'unsupported';
}
