/**
 * What a failed call of the client tells, read by name and code.
 *
 * Not by class: which error classes the client exports as values differs between its versions.
 */
import { status as GrpcStatus } from '@grpc/grpc-js';

/** One peer's or orderer's part in a failure, as `grpc-status-details-bin` carries it. */
export interface FailureDetail {
  readonly mspId: string;
  readonly address: string;
  readonly message: string;
}

/** A failed call, whatever was thrown. */
export interface Failure {
  /** gRPC status code; `UNKNOWN` for what is no gRPC error. */
  readonly code: GrpcStatus;
  readonly message: string;
  readonly details: readonly FailureDetail[];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const isStatus = (value: unknown): value is GrpcStatus => typeof value === 'number' && value in GrpcStatus;

/** In characters. What the contracts and peers say is shorter; of more, which another chaincode may say, nothing is worth keeping. */
const LONGEST_TEXT = 4_096;

const text = (value: unknown): string => (typeof value === 'string' ? value.slice(0, LONGEST_TEXT) : '');

function detailsOf(value: unknown): FailureDetail[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isRecord).map(({ mspId, address, message }) => ({
    mspId: text(mspId),
    address: text(address),
    message: text(message),
  }));
}

/** Reads what the client or gRPC threw. */
export function failureOf(error: unknown): Failure {
  if (!isRecord(error)) return { code: GrpcStatus.UNKNOWN, message: String(error), details: [] };
  const { code } = error;
  return {
    code: isStatus(code) ? code : GrpcStatus.UNKNOWN,
    message: text(error['message']),
    details: detailsOf(error['details']),
  };
}

/** Whether what was thrown came from a gRPC call at all, rather than from a fault of this program. */
export function isGrpcFailure(error: unknown): boolean {
  return isRecord(error) && isStatus(error['code']);
}

/** Whether a call may have failed because its peer can't be reached; one that runs to its deadline can tell no more. */
export function mayBeUnreached(error: unknown): boolean {
  if (!isGrpcFailure(error)) return false;
  const { code } = failureOf(error);
  return code === GrpcStatus.UNAVAILABLE || code === GrpcStatus.DEADLINE_EXCEEDED;
}

/** What a call fails with whose peer isn't waited for any more, as gRPC has it. */
export const unreached = (message: string): Error =>
  Object.assign(new Error(message), { code: GrpcStatus.UNAVAILABLE });

/** Whether a call ran into its deadline: then its connection may be stuck and has to be opened anew. */
export function isDeadlineExceeded(error: unknown): boolean {
  return isGrpcFailure(error) && failureOf(error).code === GrpcStatus.DEADLINE_EXCEEDED;
}
