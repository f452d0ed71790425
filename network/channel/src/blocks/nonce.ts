import { randomBytes } from 'node:crypto';

/** 24 random bytes, as long as Fabric's own nonces. */
export function createNonce(): Uint8Array {
  return randomBytes(24);
}
