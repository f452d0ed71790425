/** The organization's keys, from wherever its options say that they are. */
import { ROLES, type Role } from 'umlauf-chaincode/api';
import type { CheckedOptions } from '../options.js';
import { pkcs11Signer, proveKey } from './pkcs11.js';
import type { LedgerIdentity } from './sdk-client.js';
import { ecdsaSigner } from './signer.js';

type Identities = Partial<Record<Role, LedgerIdentity>>;
type IdentityOptions = NonNullable<CheckedOptions['identities'][Role]>;

/** Makes signers, and ends their sessions. */
export class KeyRing {
  readonly #sessions: { close(): void }[] = [];

  /**
   * Signers of each role's key.
   * @throws {Pkcs11Error} if one can't be had.
   */
  identities(options: CheckedOptions['identities']): Identities {
    return Object.fromEntries(
      ROLES.flatMap((role) => {
        const identity = options[role];
        return identity ? [[role, this.#identity(identity)]] : [];
      }),
    );
  }

  #identity({ certificate, privateKey, pkcs11 }: IdentityOptions): LedgerIdentity {
    if (!pkcs11) return { certificate, signer: ecdsaSigner(privateKey ?? '') };
    const session = pkcs11Signer(certificate, pkcs11);
    this.#sessions.push(session);
    return { certificate, signer: session.signer };
  }

  /**
   * As {@link identities}, and makes sure that keys out of sight belong to their certificates; of the others the options'
   * check has.
   * @throws {Pkcs11Error}
   */
  async proven(options: CheckedOptions['identities']): Promise<Identities> {
    try {
      const identities = this.identities(options);
      for (const role of ROLES) {
        const identity = identities[role];
        if (identity && options[role]?.pkcs11) await proveKey(identity.certificate, identity.signer);
      }
      return identities;
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Ends all sessions; those of renewed identities too, with which transactions may still have been under way. */
  close(): void {
    for (const session of this.#sessions.splice(0)) session.close();
  }
}
