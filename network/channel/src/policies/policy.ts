import type { Identity } from '../msp/identity.js';

/** Something signed: who claims to have signed what. */
export interface SignedData {
  /** `msp.SerializedIdentity` */
  readonly identity: Uint8Array;
  readonly data: Uint8Array;
  /** DER */
  readonly signature: Uint8Array;
}

/** A rule over signatures. */
export interface Policy {
  /**
   * Judges signatures: invalid ones and those of unknown identities are left out, an identity counts once.
   * @throws PolicyError if what remains doesn't satisfy the policy
   */
  evaluate(signed: readonly SignedData[]): void;
  /**
   * Judges identities whose signatures were verified already; none may occur twice.
   * @throws PolicyError if they don't satisfy the policy
   */
  evaluateIdentities(identities: readonly Identity[]): void;
}

/** A policy that is not satisfied, or that can't be understood. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
}

/** Finds who stands behind serialized identities. */
export interface IdentitySource {
  /** @throws IdentityError */
  identity(serialized: Uint8Array): Identity;
}
