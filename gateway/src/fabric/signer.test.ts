import { createHash, generateKeyPairSync, verify } from 'node:crypto';
import { p256 } from '@noble/curves/nist';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ecdsaSigner, lowSDer } from './signer.js';

const ORDER = p256.Point.Fn.ORDER;
const pem = (namedCurve: string) => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
  return { publicKey, privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
};

describe('ecdsaSigner', () => {
  it('signs so that OpenSSL verifies it and S is low, whatever the message', async () => {
    const { privateKey, publicKey } = pem('P-256');
    const signer = ecdsaSigner(privateKey);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (message) => {
        const signature = await signer(message);
        expect(verify('sha256', message, publicKey, signature)).toBe(true);
        expect(p256.Signature.fromBytes(signature, 'der').s <= ORDER / 2n).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('refuses keys on other curves', () => {
    expect(() => ecdsaSigner(pem('P-384').privateKey)).toThrow(TypeError);
  });
});

describe('lowSDer', () => {
  it('turns a high S into its low counterpart and leaves a low one', () => {
    const digest = createHash('sha256').update('x').digest();
    const low = p256.sign(digest, 7n, { lowS: true });
    const high = new p256.Signature(low.r, ORDER - low.s);
    expect(lowSDer(high.toBytes('compact'))).toEqual(low.toBytes('der'));
    expect(lowSDer(low.toBytes('compact'))).toEqual(low.toBytes('der'));
  });
});
