/**
 * Verifies signatures, remembering those that were valid: peers and orderers of one process would each check the same
 * bytes under the same key. Whether an identity is (still) known and what it may do is asked every time.
 */
import type { ChannelConfig, Identity, Policy, SignedData } from 'umlauf-channel';

const REMEMBERED = 2000;
const valid = new Map<string, Uint8Array>();

export function verifyOnce(identity: Identity, data: Uint8Array, signature: Uint8Array): boolean {
  const key = nameOf(identity, signature);
  const known = valid.get(key);
  if (known !== undefined && Buffer.compare(known, data) === 0) return true;
  if (!identity.verify(data, signature)) return false;
  remember(key, data);
  return true;
}

/**
 * Signatures that one signer of this process makes: its first is verified, and when that shows that its key belongs to
 * its certificate, the others needn't be.
 */
export class OwnSignatures {
  #keyFits: boolean | undefined;

  made(serialized: Uint8Array, config: ChannelConfig, data: Uint8Array, signature: Uint8Array): void {
    const identity = resolve(serialized, config);
    if (identity === undefined) return;
    this.#keyFits ??= identity.verify(data, signature);
    if (this.#keyFits) remember(nameOf(identity, signature), data);
  }
}

const nameOf = ({ id }: Identity, signature: Uint8Array): string =>
  `${id}/${Buffer.from(signature).toString('latin1')}`;

function remember(key: string, data: Uint8Array): void {
  valid.set(key, data);
  const [oldest] = valid.keys();
  if (oldest !== undefined && valid.size > REMEMBERED) valid.delete(oldest);
}

/**
 * Evaluates a policy over signatures: invalid ones and those of unknown identities are left out, an identity counts
 * once (Fabric: SignatureSetToValidIdentities).
 * @throws PolicyError
 */
export function evaluateSigned(policy: Policy, signed: readonly SignedData[], config: ChannelConfig): void {
  policy.evaluateIdentities(validIdentities(signed, config));
}

/** The identities behind valid signatures, each once. */
export function validIdentities(signed: readonly SignedData[], config: ChannelConfig): Identity[] {
  const found = new Map<string, Identity>();
  for (const { identity: serialized, data, signature } of signed) {
    const identity = resolve(serialized, config);
    if (identity === undefined) continue;
    const key = `${identity.mspId}/${identity.id}`;
    if (!found.has(key) && verifyOnce(identity, data, signature)) found.set(key, identity);
  }
  return [...found.values()];
}

/** Whether an identity's certificate has expired. One that the channel doesn't know hasn't: who it is, policies judge. */
export function hasExpired(serialized: Uint8Array, config: ChannelConfig, now: Date): boolean {
  const identity = resolve(serialized, config);
  return identity !== undefined && identity.notAfter < now;
}

function resolve(serialized: Uint8Array, config: ChannelConfig): Identity | undefined {
  try {
    return config.identity(serialized);
  } catch {
    return undefined;
  }
}
