import { describe, expect, it } from 'vitest';
import { flag, integer, manyBytes, message, text, within } from './wire.js';

const Inner = message('Inner', { name: [1, text] });
const Outer = message('Outer', {
  number: [1, integer],
  inner: [2, within(Inner)],
  parts: [3, manyBytes],
  flag: [4, flag],
});
const read = (...bytes: number[]) => Outer.read(Uint8Array.from(bytes));

describe('a message', () => {
  it('has what its fields say, and what they say by their absence', () => {
    expect(read(0x08, 0xac, 0x02, 0x12, 0x03, 0x0a, 0x01, 0x61, 0x1a, 0x01, 0x01, 0x1a, 0x00)).toEqual({
      number: 300n,
      inner: { name: 'a' },
      parts: [Uint8Array.of(1), new Uint8Array()],
      flag: false,
    });
    expect(read()).toEqual({ number: 0n, inner: undefined, parts: [], flag: false });
    expect(read(0x08, ...Array<number>(9).fill(0xff), 0x01).number).toBe(2n ** 64n - 1n);
  });

  it.each([
    ['with an unknown field', [0x28, 0x00]],
    ['with a field twice', [0x08, 0x01, 0x08, 0x01]],
    ['with a message twice, which others would merge', [0x12, 0x00, 0x12, 0x00]],
    ['with a number in more bytes than it needs', [0x08, 0x81, 0x00]],
    ['with a tag in more bytes than it needs', [0x88, 0x00, 0x01]],
    ['with a number that is too large', [0x08, ...Array<number>(9).fill(0xff), 0x02]],
    ['with a number that does not end', [0x08, ...Array<number>(11).fill(0xff)]],
    ['with a field of another type', [0x0a, 0x00]],
    ['with a group', [0x0b]],
    ['that ends within a number', [0x08]],
    ['that ends within a field', [0x12, 0x05, 0x00]],
    ['with text that is no UTF-8', [0x12, 0x03, 0x0a, 0x01, 0xff]],
    ['with a flag that is neither', [0x20, 0x02]],
  ])('%s is refused', (_what, bytes) => {
    expect(() => read(...bytes)).toThrow(expect.objectContaining({ name: 'MalformedError' }));
  });
});
