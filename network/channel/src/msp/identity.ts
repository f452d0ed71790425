import type { X509Certificate } from 'node:crypto';
import type { msp } from '@hyperledger/fabric-protos';

/** Someone known to an MSP of the channel. */
export interface Identity {
  readonly mspId: string;
  /** SHA-256 of the certificate's DER in its low-S form, hexadecimal: equal for every spelling of one certificate. */
  readonly id: string;
  readonly certificate: X509Certificate;
  /** `msp.SerializedIdentity`, as it was presented. */
  readonly serialized: Uint8Array;
  /** Until when the certificate is valid. An MSP doesn't look at it; peers and orderers do where a client calls them. */
  readonly notAfter: Date;
  /** Whether `signature` (DER) is this identity's over SHA-256(message). A high-S one never is. */
  verify(message: Uint8Array, signature: Uint8Array): boolean;
  /** Whether this identity is one that the principal means. */
  satisfies(principal: msp.MSPPrincipal): boolean;
}

/** An identity that the channel doesn't know or an MSP doesn't accept, in Fabric's words. */
export class IdentityError extends Error {
  override readonly name = 'IdentityError';

  /**
   * @param step whether the identity couldn't be read at all (Fabric's DeserializeIdentity), or was read and then
   * found invalid (Fabric's Validate): Fabric's components answer the two with different texts
   */
  constructor(
    message: string,
    readonly step: 'deserialize' | 'validate',
  ) {
    super(message);
  }
}
