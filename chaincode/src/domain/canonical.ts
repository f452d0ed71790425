/** One text for one content: what is hashed, compared and kept on the ledger. */
import { createHash } from 'node:crypto';

/**
 * JSON with the keys of every object in code unit order and without absent fields, so that every peer writes the same
 * bytes whatever order a client or a schema produced.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** SHA-256 of the canonical JSON, in lower-case hexadecimal: the identity of a content. */
export function contentSha256(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/** Whether two values are the same content. */
export function sameContent(a: unknown, b: unknown): boolean {
  return canonicalJson(a) === canonicalJson(b);
}
