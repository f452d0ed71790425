/** Who calls, and with which of the organization's ledger identities an act of theirs is signed. */
import { ROLES, type Role } from 'umlauf-chaincode/api';
import { ProblemError } from '../problem.js';

/** Whom a verified token speaks for. */
export interface Caller {
  /** `sub` of the token; for the log. */
  readonly subject: string;
  /** Roles that the token gives, in the order of {@link ROLES}. */
  readonly roles: readonly Role[];
  /** When what proves it expires, in Unix milliseconds; absent: never. */
  readonly expiresAtMs?: number;
}

/** Roles among a token's claims `roles` (a list) and `role`; what is no role of this system is passed over. */
export function rolesOf(claims: Readonly<Record<string, unknown>>): Role[] {
  const { roles, role: single } = claims;
  const given: unknown[] = [...(Array.isArray(roles) ? (roles as unknown[]) : []), single];
  return ROLES.filter((role) => given.includes(role));
}

/**
 * The role to act in.
 * @param act For the problem: what is tried.
 * @param allowed Roles that may, in order of preference.
 * @param identities Roles that this gateway has a ledger identity for.
 * @throws {ProblemError} `forbidden` if the token gives no role here at all, `role-not-allowed` if none that may.
 */
export function roleFor(
  { roles }: Caller,
  act: string,
  allowed: readonly Role[],
  identities: ReadonlySet<Role>,
): Role {
  const held = roles.filter((role) => identities.has(role));
  if (held.length === 0) throw new ProblemError('forbidden');
  const chosen = allowed.find((role) => held.includes(role));
  if (!chosen) throw new ProblemError('role-not-allowed', { act, roles: allowed });
  return chosen;
}
