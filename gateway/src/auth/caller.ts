/** Who calls, and with which of the organization's ledger identities an act of theirs is signed. */
import type { Role } from 'umlauf-chaincode/api';
import { ProblemError } from '../problem.js';

/** Whom a token, a client certificate or both together speak for. */
export interface Caller {
  /**
   * Who it is, as no other caller of this gateway is called: it begins with the kind of proof and who vouches for it (the
   * issuer), so that what is kept for one caller (idempotency keys, rates) is never another's of the same name.
   */
  readonly subject: string;
  /** Roles that it may act in, in the order of `ROLES`. */
  readonly roles: readonly Role[];
  /** When its proof ends, in milliseconds since 1970. */
  readonly expiresAtMs: number;
}

/**
 * The role to act in.
 * @param act For the problem: what is tried.
 * @param allowed Roles that may, in order of preference.
 * @param identities Roles that this gateway has a ledger identity for.
 * @throws {ProblemError} `forbidden` if the caller has no role here at all, `role-not-allowed` if none that may.
 */
export function roleFor(
  { roles }: Pick<Caller, 'roles'>,
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
