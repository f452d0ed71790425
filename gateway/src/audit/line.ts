/** A decision as a line of the audit log. */
import { createHmac } from 'node:crypto';
import { problemType, type ProblemCode, type Role } from 'umlauf-chaincode/api';
import { shown } from '../shown.js';

/** A decision to let a request do something, or not. */
export interface Decision {
  /** As it is answered in `Request-Id`. */
  readonly requestId: string;
  /** `Caller.subject`; absent: it isn't known who it is. */
  readonly subject?: string | undefined;
  readonly method: string;
  /** Template of the path, never the path. */
  readonly route: string;
  readonly decision: 'allow' | 'deny';
  /** In which role it is allowed. */
  readonly role?: Role;
  /** Why it is denied. */
  readonly reason?: string | undefined;
  /** What it is answered. */
  readonly problem?: ProblemCode;
}

/** Makes one object of a line, without what is absent. */
export function decisionEntry(decision: Decision, atMs: number, pseudonymKey: string | undefined): object {
  const { requestId, subject, method, route, decision: decided, role, reason, problem } = decision;
  return {
    time: new Date(atMs).toISOString(),
    request: requestId,
    decision: decided,
    ...(subject === undefined
      ? {}
      : pseudonymKey === undefined
        ? { caller: subject }
        : { pseudonym: pseudonymOf(subject, pseudonymKey) }),
    method,
    route,
    role,
    reason,
    problem: problem && problemType(problem),
  };
}

/** The same for the same caller, and nobody's without the key: HMAC-SHA-256, hexadecimal. */
const pseudonymOf = (subject: string, key: string): string =>
  createHmac('sha256', key).update(subject).digest('hex');

/** One line of JSON that nothing in it can break or disguise. */
export function auditLine(entry: object): string {
  return `${shown(JSON.stringify(entry))}\n`;
}
