import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, contentSha256 } from './canonical';
import { Document, Duration, Id, Line, Text } from './primitives';

const accepts = (schema: { safeParse(value: unknown): { success: boolean } }, value: unknown) =>
  schema.safeParse(value).success;

describe('text', () => {
  it('is normalised to NFC, so that equal texts are equal bytes', () => {
    expect(Line.parse('Mu\u0308nchen')).toBe('M\u00fcnchen');
  });

  it.each([
    ['an e-mail address', 'write to somebody@example.org'],
    ['a control character', 'a\u0007b'],
    ['a line feed in a line', 'a\nb'],
    ['a direction override', 'a\u202eb'],
    ['a direction isolate', 'a\u2066b'],
    ['a lone surrogate', 'a\ud800b'],
    ['nothing', '   '],
    ['more than 200 characters', 'x'.repeat(201)],
  ])('with %s is refused', (_what, value) => {
    expect(accepts(Line, value)).toBe(false);
  });

  it('of several lines may have line feeds, and any script', () => {
    expect(accepts(Text, 'Erste Zeile\nВторая\n第三行')).toBe(true);
  });
});

describe('identifiers', () => {
  it.each(['ab', '-abc', 'Abc', 'a_b', 'a/b', 'a\u0000b', 'x'.repeat(64), ''])('refuse %j', (id) => {
    expect(accepts(Id, id)).toBe(false);
  });
});

describe('durations', () => {
  it.each(['P14D', 'PT30S', 'P1Y6M', 'P2W', 'PT1H30M', 'P0D'])('accept %s', (duration) => {
    expect(accepts(Duration, duration)).toBe(true);
  });
  it.each(['P', 'PT', '14D', 'P1.5D', '-P1D', 'P1D2W', 'P1DT'])('refuse %s', (duration) => {
    expect(accepts(Duration, duration)).toBe(false);
  });
});

describe('documents', () => {
  it('have no address that could run', () => {
    const document = { name: 'A', mediaType: 'application/pdf', sha256: 'ab'.repeat(32) };
    expect(accepts(Document, { ...document, uri: 'https://example.org/a.pdf' })).toBe(true);
    expect(accepts(Document, { ...document, uri: 'javascript:alert(1)' })).toBe(false);
  });

  // Line feeds, tabs and spaces around it never get in: whoever reads an address leaves them out.
  it.each(['\u0007', '\u0000', '\u202e', '\ud800', ' '])('have no address that holds %j', (character) => {
    const document = { name: 'A', mediaType: 'application/pdf', sha256: 'ab'.repeat(32) };
    expect(accepts(Document, { ...document, uri: `https://example.org/a${character}b` })).toBe(false);
  });
});

describe('canonical JSON', () => {
  it('is the same text whatever the order of the keys, and the same content', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
        expect(contentSha256(reversed)).toBe(contentSha256(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('leaves out what is absent', () => {
    expect(canonicalJson({ b: undefined, a: [{ d: 1, c: 2 }] })).toBe('{"a":[{"c":2,"d":1}]}');
  });
});

describe('an overlong text', () => {
  it('is refused for its length without being looked at any further', () => {
    const result = Text.safeParse('a'.repeat(1_000_000));
    expect(result.error?.issues.map(({ message }) => message)).toEqual([
      'must have at most 10000 characters',
    ]);
  });
});

describe('an e-mail address', () => {
  it.each(['erika@example.org', 'Ask erika.m@mail.example.org.', 'x@y.z', '@@a@b.c'])(
    'is found in %j',
    (text) => {
      expect(Text.safeParse(text).success).toBe(false);
    },
  );
  it.each(['5 @ 3.50', 'user@localhost', 'a @b.c', '@example.org', 'a@ b.c', 'a@.b'])(
    'is not seen in %j',
    (text) => {
      expect(Text.safeParse(text).success).toBe(true);
    },
  );
});

describe('a duration', () => {
  it('of more than ten years is refused: dates compare as text', () => {
    expect(Duration.safeParse('P10Y').success).toBe(true);
    for (const long of ['P11Y', 'P9999Y', 'P99999D', 'P9999W'])
      expect(Duration.safeParse(long).success).toBe(false);
  });
});
