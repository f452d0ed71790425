/** Records from their bytes, each by the schema that the chaincode publishes for the type of its key. */
import { recordSchema, rules } from 'umlauf-chaincode/api';
import { z } from 'zod';

/**
 * A record from its bytes.
 * @throws Error if they aren't what the schema of the type says, in canonical JSON
 */
export function decodeRecord(type: string, parts: readonly string[], bytes: Uint8Array): unknown {
  const schema = recordSchema(type, parts);
  if (!schema) throw new Error('a key with other parts');
  const text = Buffer.from(bytes).toString('utf8');
  const value: unknown = JSON.parse(text);
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error).split('\n')[0] ?? 'malformed');
  // Also finds fields that the schema doesn't know.
  if (rules.canonicalJson(parsed.data) !== text)
    throw new Error('more than its schema knows, or not canonical');
  return parsed.data;
}
