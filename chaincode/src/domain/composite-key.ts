/** Fabric's composite keys: U+0000, the object type, and each part, each ended by U+0000. */
import type { Key, Prefix } from './ledger';

const SEPARATOR = '\u0000';
/** Behind every key with a prefix. */
const LAST = '\u{10ffff}';

export function compositeKey({ type, parts }: Key<unknown> | Prefix<unknown>): string {
  return [SEPARATOR + type, ...parts, ''].join(SEPARATOR);
}

/** The type of a composite key; empty for any other text. */
export function typeOf(key: string): string {
  return key.startsWith(SEPARATOR) ? (key.split(SEPARATOR)[1] ?? '') : '';
}

/** The parts of a composite key, without its type. */
export function partsOf(key: string): string[] {
  return key.split(SEPARATOR).slice(2, -1);
}

/** Start (inclusive) and end (exclusive) of the range of all keys with a prefix. */
export function rangeOf(prefix: Prefix<unknown>): { start: string; end: string } {
  const start = compositeKey(prefix);
  return { start, end: start + LAST };
}

/** Whether a text is a well-formed key in the range of a prefix. */
export function liesInside(prefix: Prefix<unknown>, key: string): boolean {
  const start = compositeKey(prefix);
  return (
    key.startsWith(start) &&
    key.endsWith(SEPARATOR) &&
    partsOf(key).length > prefix.parts.length &&
    partsOf(key).every((part) => part !== '')
  );
}
