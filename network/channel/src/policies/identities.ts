import { IdentityError, type Identity } from '../msp/identity.js';
import type { IdentitySource, SignedData } from './policy.js';

/**
 * The identities behind valid signatures, each once, in the order of the signatures (common/policies/policy.go,
 * SignatureSetToValidIdentities). An identity whose first signature is invalid may be vouched for by a later one.
 */
export function validIdentities(signed: readonly SignedData[], source: IdentitySource): Identity[] {
  const found = new Map<string, Identity>();
  for (const { identity: serialized, data, signature } of signed) {
    const identity = resolve(serialized, source);
    if (!identity) continue;
    const key = `${identity.mspId}\n${identity.id}`;
    // Looked up before the costly verification, as Fabric does.
    if (!found.has(key) && identity.verify(data, signature)) found.set(key, identity);
  }
  return [...found.values()];
}

function resolve(serialized: Uint8Array, source: IdentitySource): Identity | undefined {
  try {
    return source.identity(serialized);
  } catch (error) {
    if (error instanceof IdentityError) return undefined;
    throw error;
  }
}
