/** The one parameter of every transaction: JSON, validated by the transaction's schema. */
import type { z } from 'zod';
import { TRANSACTIONS, type ParsedInputOf, type TransactionName } from '../api/transactions';
import { DomainError } from '../domain/errors';

/** Before the caller is known to be anyone, so little work as may be. */
const LONGEST_INPUT = 1_000_000;
const MOST_ISSUES = 5;
const LONGEST_MESSAGE = 120;
const LONGEST_PATH = 60;

type Issue = z.core.$ZodIssue;

/** Says what is allowed and never repeats what was sent: names of unknown fields are the sender's words too. */
function messageOf(issue: Issue): string {
  const message = issue.code === 'unrecognized_keys' ? 'has unknown fields' : issue.message;
  return message.slice(0, LONGEST_MESSAGE);
}

/**
 * @throws {DomainError} `invalid-input` with at most five issues.
 */
export function parseInput<N extends TransactionName>(name: N, json: string): ParsedInputOf<N> {
  if (json.length > LONGEST_INPUT)
    throw new DomainError('invalid-input', {
      issues: [{ path: '', message: `must have at most ${LONGEST_INPUT} characters` }],
      more: 0,
    });
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new DomainError('invalid-input', { issues: [{ path: '', message: 'must be JSON' }], more: 0 });
  }
  const result = TRANSACTIONS[name].input.safeParse(value);
  if (result.success) return result.data as ParsedInputOf<N>;
  const { issues } = result.error;
  throw new DomainError('invalid-input', {
    issues: issues.slice(0, MOST_ISSUES).map((issue) => ({
      path: issue.path.map(String).join('.').slice(0, LONGEST_PATH),
      message: messageOf(issue),
    })),
    more: Math.max(0, issues.length - MOST_ISSUES),
  });
}
