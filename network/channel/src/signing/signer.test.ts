import { createHash, generateKeyPairSync, verify, X509Certificate } from 'node:crypto';
import { msp } from '@hyperledger/fabric-protos';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { testOrganizations } from '../testing/organizations.js';
import type { KeyPair } from '../certificates/key-pair.js';
import { decodeSignature, isLowS } from './ecdsa.js';
import { createSigner } from './signer.js';

let keyPair: KeyPair;

beforeAll(async () => {
  const [organization] = await testOrganizations(['A']);
  keyPair = organization!.admin;
});

describe('A signer', () => {
  it('makes low-S signatures that its certificate verifies, of messages and of digests', () => {
    const signer = createSigner(keyPair, 'AMSP');
    const { publicKey } = new X509Certificate(keyPair.certificate);
    fc.assert(
      fc.property(fc.uint8Array(), (message) => {
        const digest = createHash('sha256').update(message).digest();
        for (const signature of [signer.sign(message), signer.signDigest(digest)]) {
          expect(isLowS(decodeSignature(signature))).toBe(true);
          expect(verify('sha256', message, publicKey, signature)).toBe(true);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('names itself by MSP and certificate', () => {
    const identity = msp.SerializedIdentity.deserializeBinary(createSigner(keyPair, 'AMSP').identity);
    expect(identity.getMspid()).toBe('AMSP');
    expect(Buffer.from(identity.getIdBytes_asU8()).toString()).toBe(keyPair.certificate);
  });

  it('refuses a key of another curve', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'secp384r1' });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(() => createSigner({ ...keyPair, privateKey: pem }, 'AMSP')).toThrow('needs an ECDSA P-256 key');
  });
});
