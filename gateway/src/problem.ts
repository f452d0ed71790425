import { PROBLEMS, type ProblemCode } from 'umlauf-chaincode/api';

/** Data of a problem, as the registry of problems documents it for each code. */
export type ProblemData = Readonly<Record<string, unknown>>;

/**
 * The one kind of error that reaches a caller of this gateway: a code of the registry and its data.
 *
 * Whatever else is thrown is a fault of the gateway itself and answered as `internal`, without its text.
 */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  /**
   * @param code Code in the registry.
   * @param data Data as the registry documents it.
   * @param options `cause`: for the log, never for the answer.
   */
  constructor(
    readonly code: ProblemCode,
    readonly data: ProblemData = {},
    options?: ErrorOptions,
  ) {
    super(PROBLEMS[code].title, options);
  }
}

/** Whether an error is a problem, of one of the codes given if any are. */
export function isProblem(error: unknown, ...codes: ProblemCode[]): error is ProblemError {
  return error instanceof ProblemError && (codes.length === 0 || codes.includes(error.code));
}
