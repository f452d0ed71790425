/** What can be done to a JSON text so that it isn't what it was: by its places, not by what they mean. */
import fc, { type Arbitrary } from 'fast-check';

/** A text that was JSON of something allowed. */
export interface Spoiled {
  readonly what: string;
  readonly json: string;
  /** No text may hold what it holds, whatever its schema says. */
  readonly forbidden: boolean;
}

type Place = readonly (string | number)[];

/** Every place of a value, the whole first. */
function places(value: unknown, at: Place = []): Place[] {
  const below = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return [at, ...below.flatMap(([key, part]) => places(part, [...at, Array.isArray(value) ? +key : key]))];
}

const partAt = (value: unknown, at: Place): unknown =>
  at.reduce<unknown>((part, key) => (part as Record<string | number, unknown>)[key], value);

const MARK = '\u0001here\u0001';

/** The text of a value with another text in one place. */
function replaced(value: unknown, at: Place, text: string): string {
  if (at.length === 0) return text;
  const copy: unknown = structuredClone(value);
  Reflect.set(partAt(copy, at.slice(0, -1)) as object, at.at(-1) ?? '', MARK);
  return JSON.stringify(copy).replace(JSON.stringify(MARK), () => text);
}

const long = (length: number): string => JSON.stringify('x'.repeat(length));

/** Texts in the place of a value. */
const INSTEAD = [
  ...['null', 'true', '0', '-1', '1.5', '7', '1e400', '-0', '9007199254740993', '9'.repeat(400), 'NaN', '01'],
  ...['""', '" "', long(201), long(20_000), '"A"', '"a_b"', '"../x"', '"%00"', '"2021-02-29"', '"P1.5D"'],
  ...[
    '"\'; DROP TABLE members;--"',
    '"${jndi:ldap://localhost/x}"',
    '"<script>"',
    '"x\\r\\nSet-Cookie: a=b"',
  ],
  ...['"__proto__"', '"constructor"', '"🏛"', '"jane.doe@example.org"', '"text"', "'text'", '"text', ''],
  ...['[]', '{}', '[null]', '[[]]', '{"a":1}', '{"__proto__":{"roles":["board"]}}'],
  `${'['.repeat(3_000)}${']'.repeat(3_000)}`,
  `${'{"a":'.repeat(3_000)}1${'}'.repeat(3_000)}`,
  `[${'0,'.repeat(3_000)}0]`,
] as const;

/** What no text may hold: characters that control, that turn the direction, and halves of characters. */
const FORBIDDEN = ['\\u0000', '\\u0007', '\\u001b[2J', '\\u202e', '\\u2066', '\\ud800'];

/** Names of a field too many. */
const FIELDS = ['unheardOf', '__proto__', 'constructor', 'toString', '', 'ID', 'id ', '$ne'];

const shortened = (text: string): string => (text.length > 30 ? `${text.slice(0, 30)}…` : text);

/** One change to the text of a value. */
export function spoiled(value: unknown): Arbitrary<Spoiled> {
  const all = places(value);
  const what = (at: Place, how: string): string => `${at.join('.') || 'all of it'}: ${shortened(how)}`;
  const plain = (at: Place, how: string, json: string): Spoiled => ({
    what: what(at, how),
    json,
    forbidden: false,
  });
  const anywhere = fc.constantFrom(...all);
  const instead = fc
    .tuple(anywhere, fc.constantFrom(...INSTEAD))
    .map(([at, text]) => plain(at, text, replaced(value, at, text)));
  const objects = all.filter((at) => {
    const part = partAt(value, at);
    return typeof part === 'object' && part !== null && !Array.isArray(part);
  });
  const below = all.filter((at) => typeof at.at(-1) === 'string');
  const texts = all.filter((at) => typeof partAt(value, at) === 'string');
  const lists = all.filter((at) => Array.isArray(partAt(value, at)));
  const at = (among: readonly Place[], change: (at: Place) => Arbitrary<Spoiled>): Arbitrary<Spoiled>[] =>
    among.length === 0 ? [] : [fc.constantFrom(...among).chain(change)];
  return fc.oneof(
    { weight: 3, arbitrary: instead },
    ...at(below, (place) => fc.constant(plain(place, 'missing', without(value, place)))),
    ...at(objects, (place) =>
      fc.constantFrom(...FIELDS).map((field) => {
        const text = JSON.stringify(partAt(value, place));
        const more = `${JSON.stringify(field)}:1`;
        return plain(place, `with ${more}`, replaced(value, place, joined(text, more)));
      }),
    ),
    ...at(below, (place) => {
      const parent = place.slice(0, -1);
      const twice = `${JSON.stringify(place.at(-1))}:null`;
      const text = joined(JSON.stringify(partAt(value, parent)), twice);
      return fc.constant(plain(place, 'twice', replaced(value, parent, text)));
    }),
    ...at(texts, (place) =>
      fc.constantFrom(...FORBIDDEN).map((character) => {
        const text = JSON.stringify(partAt(value, place));
        const json = replaced(value, place, `${text.slice(0, -1)}${character}"`);
        return { what: what(place, `with ${character}`), json, forbidden: true };
      }),
    ),
    ...at(lists, (place) => {
      const list = partAt(value, place) as unknown[];
      const many = Array.from({ length: 300 }, () => list).flat();
      return fc.constant(plain(place, '300 times', replaced(value, place, JSON.stringify(many))));
    }),
    fc.nat().map((cut) => {
      const json = JSON.stringify(value);
      return plain([], 'cut off', json.slice(0, cut % json.length));
    }),
    fc
      .constantFrom('}', ' x', '\u0000', ',{}')
      .map((tail) => plain([], `with ${tail}`, JSON.stringify(value) + tail)),
  );
}

function without(value: unknown, at: Place): string {
  const copy: unknown = structuredClone(value);
  Reflect.deleteProperty(partAt(copy, at.slice(0, -1)) as object, at.at(-1) ?? '');
  return JSON.stringify(copy);
}

/** The text of an object with one more member at its end. */
const joined = (object: string, member: string): string =>
  object === '{}' ? `{${member}}` : `${object.slice(0, -1)},${member}}`;
