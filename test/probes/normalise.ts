/** Takes out of observations what differs from run to run, so that the same behaviour gives the same text. */
import type { Json } from './json.js';

const RULES: readonly (readonly [RegExp, string])[] = [
  // Go's protobuf library writes one or the other, so that nobody relies on its words.
  [/\u00a0/g, ' '],
  [/\b[0-9a-f]{65,}\b/g, '<hex>'],
  [/\b[0-9a-f]{64}\b/g, '<id>'],
  // As Go prints times, with and without its monotonic clock, and as JSON has them.
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z| ?[+-]\d{4}(?: [A-Z]+)?(?: m=[+-][\d.]+)?)?/g, '<time>'],
  [/\b(?:localhost|127\.0\.0\.1):\d+\b/g, '<address>'],
];

/** Normalises every text of an observation. */
export function normalise(value: Json): Json {
  if (typeof value === 'string')
    return RULES.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), value);
  if (Array.isArray(value)) return (value as readonly Json[]).map(normalise);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value as Readonly<Record<string, Json>>).map(([name, entry]) => [name, normalise(entry)]),
  );
}
