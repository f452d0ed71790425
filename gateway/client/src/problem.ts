/** What a gateway answers when it doesn't do what it is asked for. */
import type { ProblemBody, ProblemCode } from './shapes.js';

const PREFIX = 'urn:umlauf:problem:';

/** A problem (RFC 9457) of the registry. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly status: number;
  /** As the registry documents it for each code. */
  readonly data: Readonly<Record<string, unknown>>;
  /** The transaction that it is about. */
  readonly transactionId: string | undefined;

  constructor({ type, title, status, data, transactionId }: ProblemBody) {
    super(title);
    this.code = type.slice(PREFIX.length) as ProblemCode;
    this.status = status;
    this.data = data ?? {};
    this.transactionId = transactionId;
  }
}

/** Something between here and the gateway answered, or the gateway in a way that this client doesn't know. */
export class UnexpectedAnswerError extends Error {
  override readonly name = 'UnexpectedAnswerError';
  constructor(readonly status: number) {
    super(`unexpected answer ${status}`);
  }
}

/** The gateway couldn't be reached, or the connection broke before it answered. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
  constructor(cause: unknown) {
    super('the gateway could not be reached', { cause });
  }
}

/** Reads an answer that is not a success. */
export function problemIn(status: number, body: unknown): Problem | UnexpectedAnswerError {
  const isProblem =
    typeof body === 'object' &&
    body !== null &&
    'type' in body &&
    typeof body.type === 'string' &&
    body.type.startsWith(PREFIX);
  return isProblem ? new Problem(body as ProblemBody) : new UnexpectedAnswerError(status);
}

/** What another try may mend, with the same request: nothing of it is done twice. */
const PASSING: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'peer-unavailable',
  'peer-behind',
  'block-not-reached',
  'request-in-progress',
  'too-many-requests',
  'shutting-down',
  'public-unavailable',
  'outcome-unknown',
]);

/** Whether the same request may be sent again. */
export const isPassing = (error: unknown): boolean =>
  error instanceof UnreachableError ||
  (error instanceof UnexpectedAnswerError && [502, 503, 504].includes(error.status)) ||
  (error instanceof Problem && PASSING.has(error.code));
