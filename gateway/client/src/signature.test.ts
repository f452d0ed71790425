import { p256 } from '@noble/curves/nist';
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { lowSDer, privateKeyFromPem, rawOfLowS, signWith } from './signature.js';

const HALF = p256.Point.Fn.ORDER >> 1n;

describe('signWith', () => {
  it('signs with any key so that OpenSSL verifies it, with a low S', async () => {
    for (let round = 0; round < 25; round += 1) {
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
      const sign = signWith(await privateKeyFromPem(pem));
      for (const message of [new Uint8Array(), Uint8Array.of(round), new Uint8Array(5_000)]) {
        const signature = await sign(message);
        expect(verify('sha256', message, createPublicKey(privateKey), signature)).toBe(true);
        expect(p256.Signature.fromBytes(signature, 'der').s <= HALF).toBe(true);
        expect(lowSDer(rawOfLowS(signature))).toEqual(signature);
      }
    }
  });

  it('keeps its key to itself', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = await privateKeyFromPem(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    expect(key.extractable).toBe(false);
  });
});

describe('lowSDer', () => {
  it('turns a high S into its low counterpart and leaves a low one', () => {
    const low = p256.sign(new Uint8Array(32), 7n, { lowS: true });
    const high = new p256.Signature(low.r, p256.Point.Fn.neg(low.s));
    expect(lowSDer(high.toBytes('compact'))).toEqual(low.toBytes('der'));
    expect(lowSDer(low.toBytes('compact'))).toEqual(low.toBytes('der'));
  });
});

describe('rawOfLowS', () => {
  it('refuses the other half, and what is no signature', () => {
    const { r, s } = p256.sign(new Uint8Array(32), p256.utils.randomSecretKey(), { lowS: true });
    const high = new p256.Signature(r, p256.Point.Fn.neg(s));
    expect(() => rawOfLowS(high.toBytes('der'))).toThrow(/high S/);
    expect(() => rawOfLowS(Uint8Array.of(0x30, 0))).toThrow();
    expect(() => rawOfLowS(new Uint8Array(72))).toThrow();
  });
});
