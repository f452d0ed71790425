import type { X509Certificate } from 'node:crypto';
import { msp } from '@hyperledger/fabric-protos';
import { IdentityError, type Identity } from '../msp/identity.js';
import type { IdentitySource, SignedData } from '../policies/policy.js';

const GOOD = Buffer.from('good');

/** An identity without keys: a member of its MSP, whose signature is the text "good". */
export function fakeIdentity(mspId: string, number: number): Identity {
  return {
    mspId,
    id: String(number),
    serialized: Buffer.from(`${mspId}/${number}`),
    notAfter: new Date(0),
    get certificate(): X509Certificate {
      throw new TypeError('a fake identity has no certificate');
    },
    verify: (_, signature) => Buffer.compare(signature, GOOD) === 0,
    satisfies: (principal) =>
      msp.MSPRole.deserializeBinary(principal.getPrincipal_asU8()).getMspIdentifier() === mspId,
  };
}

/** Knows every fake identity by its serialized form. */
export const fakeIdentities: IdentitySource = {
  identity: (serialized) => {
    const [mspId, number] = Buffer.from(serialized).toString().split('/');
    if (mspId === undefined || number === undefined)
      throw new IdentityError('not a fake identity', 'deserialize');
    return fakeIdentity(mspId, Number(number));
  },
};

/** Something that a fake identity signed well. */
export function signedByFake(mspId: string, number: number): SignedData {
  return { identity: Buffer.from(`${mspId}/${number}`), data: Buffer.from('data'), signature: GOOD };
}
