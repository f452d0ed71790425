/** Values that a schema of the document allows. */
import fc, { type Arbitrary } from 'fast-check';
import type { ApiDocument, JsonSchema } from './document.js';

/**
 * Values that name what is there, by the name of a property or a parameter, or by the segment of the path before it; none
 * where what is allowed can't be made from outside.
 */
export type Known = Readonly<Record<string, readonly unknown[]>>;

/** Durations that {@link fc.stringMatching} can't make: it knows no lookahead. */
const DURATIONS = ['P14D', 'P7D', 'PT10M', 'P2W', 'P1Y2M', 'P0D'];
const LETTERS = [
  'a',
  'e',
  'n',
  'z',
  'A',
  'Z',
  'Ä',
  'ß',
  '0',
  '9',
  '.',
  ';',
  '(',
  '§',
  '/',
  '–',
  '„',
  '€',
  '漢',
  '🏛',
];
const DAY = { min: new Date('2020-01-01'), max: new Date('2030-12-31'), noInvalidDate: true };

function text(schema: JsonSchema): Arbitrary<string> {
  const { pattern, format, minLength = 0, maxLength = 300 } = schema;
  const most = Math.min(Number(maxLength), 300);
  if (format === 'date') return fc.date(DAY).map((date) => date.toISOString().slice(0, 10));
  if (format === 'date-time') return fc.date(DAY).map((date) => date.toISOString());
  if (format === 'uri') return fc.webUrl({ validSchemes: ['https'] }).filter((uri) => uri.length <= most);
  if (typeof pattern !== 'string')
    return fc
      .array(fc.constantFrom(...LETTERS), { minLength: Math.max(1, Number(minLength)), maxLength: most })
      .map((letters) => letters.join(''));
  const matching = new RegExp(pattern, 'u');
  return pattern.includes('(?=')
    ? fc.constantFrom(...DURATIONS.filter((duration) => matching.test(duration)))
    : fc.stringMatching(matching).filter((string) => string.length <= Number(maxLength));
}

function ofType(document: ApiDocument, schema: JsonSchema, known: Known): Arbitrary<unknown> {
  const { minimum = 0, maximum = 1_000_000, minItems = 0, maxItems = 4 } = schema;
  switch (schema['type']) {
    case 'string':
      return text(schema);
    case 'integer':
      return fc.integer({ min: Number(minimum), max: Number(maximum) });
    case 'number':
      return fc.double({ min: Number(minimum), max: Number(maximum), noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.uniqueArray(valueOf(document, schema['items'] as JsonSchema, known), {
        minLength: Number(minItems),
        maxLength: Math.max(Number(minItems), Math.min(Number(maxItems), 4)),
        comparator: (a, b) => JSON.stringify(a) === JSON.stringify(b),
      });
    case 'object':
      return objectOf(document, schema, known);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function objectOf(document: ApiDocument, schema: JsonSchema, known: Known): Arbitrary<unknown> {
  const { properties = {}, required = [] } = schema;
  const fields = Object.entries(properties as Record<string, JsonSchema>).map(
    ([name, property]) => [name, valueOf(document, property, known, name)] as const,
  );
  return fc.record(Object.fromEntries(fields), {
    requiredKeys: required as string[],
    noNullPrototype: true,
  });
}

/**
 * Makes values that a schema allows; the contract may still refuse them.
 * @param name of the property or parameter that it is of
 */
export function valueOf(
  document: ApiDocument,
  given: JsonSchema,
  known: Known,
  name = '',
): Arbitrary<unknown> {
  const schema = document.resolved(given);
  const choices = (schema['oneOf'] ?? schema['anyOf']) as readonly JsonSchema[] | undefined;
  const values = schema['enum'] as readonly unknown[] | undefined;
  const types = schema['type'];
  const there = known[name]?.filter((value) => document.fault(schema, value) === undefined) ?? [];
  const made =
    'const' in schema
      ? fc.constant(schema['const'])
      : values
        ? fc.constantFrom(...values)
        : choices
          ? fc.oneof(...choices.map((choice) => valueOf(document, choice, known, name)))
          : Array.isArray(types)
            ? fc.oneof(...types.map((type: unknown) => ofType(document, { ...schema, type }, known)))
            : ofType(document, schema, known);
  return there.length === 0
    ? made
    : fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...there) }, { weight: 1, arbitrary: made });
}
