import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requestKey, type KeyedRequest } from './idempotency-key.js';

const request: KeyedRequest = {
  header: '"8e03978e-40d5-43e8-bc93-6894a57f9324"',
  subject: 'somebody',
  role: 'board',
  method: 'POST',
  path: '/members',
  body: { a: 1, b: [2] },
};
const keyOf = (changes: Partial<KeyedRequest> = {}) => requestKey({ ...request, ...changes });

describe('requestKey', () => {
  it('is none without the header', () => {
    expect(keyOf({ header: undefined })).toBeUndefined();
  });

  it('is the same for the same request, whatever the order of its fields, in quotes or without', () => {
    expect(keyOf({ body: { b: [2], a: 1 } })).toEqual(keyOf());
    expect(keyOf({ header: '8e03978e-40d5-43e8-bc93-6894a57f9324' })).toEqual(keyOf());
  });

  it.each([{ subject: 'another' }, { role: 'auditor' as const }, { header: '"x"' }])(
    "is another one for another caller's or another key: %j",
    (changes) => {
      expect(keyOf(changes)?.id).not.toBe(keyOf()?.id);
      expect(keyOf(changes)?.fingerprint).toBe(keyOf()?.fingerprint);
    },
  );

  it.each([{ body: { a: 1 } }, { body: undefined }, { method: 'PUT' }, { path: '/resolutions' }])(
    'tells another request under the same key: %j',
    (changes) => {
      expect(keyOf(changes)?.id).toBe(keyOf()?.id);
      expect(keyOf(changes)?.fingerprint).not.toBe(keyOf()?.fingerprint);
    },
  );

  it('takes every string of structured fields, and tells two from each other', () => {
    const quoted = (text: string) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
    const keys = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 255 });
    fc.assert(
      fc.property(keys, keys, (a, b) => {
        expect(keyOf({ header: quoted(a) })?.id === keyOf({ header: quoted(b) })?.id).toBe(a === b);
      }),
    );
  });

  it.each([
    '',
    '""',
    '"a',
    'a"',
    'a b',
    '"a", "b"',
    'ä',
    '"\u0001"',
    '"\\a"',
    `"${'x'.repeat(256)}"`,
    'a, a',
  ])('refuses %j', (header) => {
    expect(() => keyOf({ header })).toThrow(
      expect.objectContaining({
        code: 'invalid-input',
        data: { issues: [expect.objectContaining({ path: 'Idempotency-Key' })] },
      }),
    );
  });
});
