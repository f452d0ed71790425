import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DER_INTEGER,
  DER_OCTET_STRING,
  DER_SEQUENCE,
  derChildren,
  derEncode,
  DerError,
  derInteger,
  expectDer,
  readDer,
  readPositiveInteger,
} from './der.js';

describe('DER', () => {
  it('reads every positive integer back', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 520n }), (value) => {
        expect(readPositiveInteger(readDer(derInteger(value)))).toBe(value);
      }),
    );
  });

  it('reads contents of any length back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 70_000 }), (length) => {
        const encoded = derEncode(DER_OCTET_STRING, Buffer.alloc(length, 7));
        const element = expectDer(encoded, DER_OCTET_STRING);
        expect(element.content.length).toBe(length);
        expect(element.raw.length).toBe(encoded.length);
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    ['nothing', []],
    ['a truncated length', [0x30, 0x82, 0x01]],
    ['truncated content', [0x30, 0x03, 0x01]],
    ['an indefinite length', [0x30, 0x80, 0x00, 0x00]],
    ['a length that could be shorter', [0x30, 0x81, 0x01, 0x00]],
    ['a length with a leading zero', [0x30, 0x82, 0x00, 0x80, ...Array<number>(128).fill(0)]],
  ])('refuses %s', (_, bytes) => {
    expect(() => readDer(Uint8Array.from(bytes))).toThrow(DerError);
  });

  it.each([
    ['zero', [0x00]],
    ['a negative integer', [0x80]],
    ['an integer with a needless zero', [0x00, 0x7f]],
    ['an integer without digits', []],
  ])('refuses %s where a positive integer belongs', (_, content) => {
    const element = readDer(derEncode(DER_INTEGER, Uint8Array.from(content)));
    expect(() => readPositiveInteger(element)).toThrow(DerError);
  });

  it('splits a sequence into its elements', () => {
    const sequence = readDer(derEncode(DER_SEQUENCE, derInteger(1n), derInteger(300n)));
    expect(derChildren(sequence).map(readPositiveInteger)).toEqual([1n, 300n]);
  });
});
