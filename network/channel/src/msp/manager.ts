import { msp } from '@hyperledger/fabric-protos';
import { hex, sha256 } from '../encoding/bytes.js';
import { decodeMessage } from '../encoding/message.js';
import type { IdentitySource } from '../policies/policy.js';
import { IdentityError, type Identity } from './identity.js';
import { LruCache } from './lru-cache.js';
import type { Msp } from './msp.js';
import { MspIdentity } from './msp-identity.js';

/** As many identities as are remembered: a few for each member of a large channel. */
const REMEMBERED = 1000;

/** Finds who stands behind serialized identities, among the MSPs of one channel. */
export class MspManager implements IdentitySource {
  readonly #msps: ReadonlyMap<string, Msp>;
  readonly #known = new LruCache<string, Identity | IdentityError>(REMEMBERED);

  constructor(msps: ReadonlyMap<string, Msp>) {
    this.#msps = msps;
  }

  /**
   * Reads and validates an identity. Results are remembered, refusals too: the same creators come again and again.
   * @throws IdentityError in Fabric's words
   */
  identity(serialized: Uint8Array): Identity {
    const key = hex(sha256(serialized));
    const known = this.#known.get(key) ?? this.#resolve(serialized);
    this.#known.set(key, known);
    if (known instanceof IdentityError) throw known;
    return known;
  }

  #resolve(serialized: Uint8Array): Identity | IdentityError {
    try {
      const claimed = decodeMessage(msp.SerializedIdentity, serialized, unreadable);
      const provider = this.#msps.get(claimed.getMspid());
      if (!provider) {
        throw new IdentityError(`MSP ${claimed.getMspid()} is not defined on channel`, 'deserialize');
      }
      const valid = provider.validate(Buffer.from(claimed.getIdBytes_asU8()).toString());
      return new MspIdentity(provider, valid, Uint8Array.from(serialized));
    } catch (error) {
      if (error instanceof IdentityError) return error;
      throw error;
    }
  }
}

function unreadable(): IdentityError {
  return new IdentityError('could not deserialize a SerializedIdentity', 'deserialize');
}
