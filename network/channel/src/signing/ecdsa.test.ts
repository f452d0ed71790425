import { generateKeyPairSync, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DerError } from '../encoding/der.js';
import { decodeSignature, encodeSignature, fromP1363, isLowS, P256_ORDER, toLowS, toP1363 } from './ecdsa.js';

const number = fc.bigInt({ min: 1n, max: P256_ORDER - 1n });

describe('ECDSA signatures', () => {
  it('come back from DER and from the fixed-length form', () => {
    fc.assert(
      fc.property(number, number, (r, s) => {
        expect(decodeSignature(encodeSignature({ r, s }))).toEqual({ r, s });
        expect(fromP1363(toP1363({ r, s }) ?? new Uint8Array())).toEqual({ r, s });
      }),
    );
  });

  it('have exactly one low form of two', () => {
    fc.assert(
      fc.property(number, number, (r, s) => {
        const other = { r, s: P256_ORDER - s };
        expect(isLowS({ r, s })).not.toBe(isLowS(other));
        expect(toLowS({ r, s })).toEqual(toLowS(other));
      }),
    );
  });

  it('stay valid when s is lowered', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    fc.assert(
      fc.property(fc.uint8Array(), (message) => {
        const lowered = encodeSignature(toLowS(decodeSignature(sign('sha256', message, privateKey))));
        expect(verify('sha256', message, publicKey, lowered)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('are refused where DER is malformed, and read where bytes follow, as Fabric does', () => {
    const der = encodeSignature({ r: 5n, s: 7n });
    expect(() => decodeSignature(der.subarray(0, -1))).toThrow(DerError);
    expect(decodeSignature(Buffer.concat([der, Buffer.from([1, 2])]))).toEqual({ r: 5n, s: 7n });
  });

  it('have no fixed-length form beyond the order', () => {
    expect(toP1363({ r: P256_ORDER, s: 1n })).toBeUndefined();
  });
});
