/** Validating what a request brings, with the chaincode's own schemas, before anything is signed. */
import type { z } from 'zod';
import { ProblemError } from '../problem.js';

const MOST_ISSUES = 5;
const LONGEST_TEXT = 200;

const shortened = (text: string): string =>
  text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;

/** A problem with the input, named by its place and what is allowed there. */
export function invalidInput(path: string, message: string, options?: ErrorOptions): ProblemError {
  return new ProblemError('invalid-input', { issues: [{ path, message }] }, options);
}

/**
 * Parses a value.
 * @throws {ProblemError} `invalid-input` with up to five issues; they don't repeat the value.
 */
export function validated<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { issues } = result.error;
  const more = issues.length - MOST_ISSUES;
  throw new ProblemError('invalid-input', {
    issues: issues.slice(0, MOST_ISSUES).map(({ path, message }) => ({
      path: shortened(path.map(String).join('.')),
      message: shortened(message),
    })),
    ...(more > 0 ? { more } : {}),
  });
}

/** Parameters of a query that are numbers; as text they arrive. */
const NUMERIC: ReadonlySet<string> = new Set(['limit']);

/** A query's parameters with numbers as numbers; what is none stays text and is refused by the schema. */
export function queryValues(query: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => [
      name,
      NUMERIC.has(name) && typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value,
    ]),
  );
}
