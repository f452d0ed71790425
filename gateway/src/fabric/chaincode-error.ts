/**
 * Finds the chaincode's own error in what a peer says about a failed simulation.
 *
 * A peer's gateway wraps it as `chaincode response 500, <message>`, behind a prefix when evaluating; the contracts'
 * message is the JSON of `{code, data}`.
 */
import { z } from 'zod';
import { PROBLEMS, type ChaincodeErrorCode, type ProblemCode } from 'umlauf-chaincode/api';
import { ProblemError, type ProblemData } from '../problem.js';

const RESPONSE = /chaincode response (\d+), ([\s\S]*)$/;
/** A peer refuses what is too far off its clock before the contracts see it, by `peer.authentication.timewindow`. */
const TIME_WINDOW = /incorrect timestamp .*peer\.authentication\.timewindow (\S+)/;
const Thrown = z.object({ code: z.string(), data: z.record(z.string(), z.unknown()).default({}) });

/** A rule of the cooperative refused. */
export interface ChaincodeError {
  readonly code: ChaincodeErrorCode;
  readonly data: ProblemData;
}

const isChaincodeCode = (code: string): code is ChaincodeErrorCode =>
  Object.hasOwn(PROBLEMS, code) && PROBLEMS[code as ProblemCode].raisedBy === 'chaincode';

/** The text that the chaincode answered with instead of a result, or `undefined` if the peer itself failed. */
export function chaincodeResponse(message: string): string | undefined {
  return RESPONSE.exec(message)?.[2];
}

/**
 * The chaincode's error in a peer's message, or `undefined` if there is none of a known code. A peer's own refusal of a
 * timestamp is the contracts' `timestamp-off`: which of them looks first makes no difference to the caller.
 */
export function chaincodeErrorOf(message: string): ChaincodeError | undefined {
  const window = TIME_WINDOW.exec(message)?.[1];
  if (window !== undefined) return { code: 'timestamp-off', data: { skew: `PT${window.toUpperCase()}` } };
  const response = chaincodeResponse(message);
  if (!response?.startsWith('{')) return undefined;
  let json: unknown;
  try {
    json = JSON.parse(response);
  } catch {
    return undefined;
  }
  const { success, data: thrown } = Thrown.safeParse(json);
  if (!success || !isChaincodeCode(thrown.code)) return undefined;
  return { code: thrown.code, data: thrown.data };
}

/** The problem that a chaincode's error is answered as. */
export function problemOfChaincode({ code, data }: ChaincodeError): ProblemError {
  return new ProblemError(code, data);
}
