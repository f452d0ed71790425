import { generateKeyPairSync, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rawOfLowS } from 'umlauf-client';
import { ecdsaSigner } from './signer.js';

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
        expect(() => rawOfLowS(signature)).not.toThrow();
      }),
      { numRuns: 60 },
    );
  });

  it('refuses keys on other curves', () => {
    expect(() => ecdsaSigner(pem('P-384').privateKey)).toThrow(TypeError);
  });
});
