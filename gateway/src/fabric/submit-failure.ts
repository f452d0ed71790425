/**
 * What a failed Submit means.
 *
 * Next to nothing: under BFT the peer's gateway reports `insufficient number of orderers` for transactions that commit
 * (up to 1.3 % under load, measured on Fabric 3.1.5). So everything is in doubt that isn't certainly a refusal.
 */
import { status as GrpcStatus } from '@grpc/grpc-js';
import { failureOf, type Failure } from './failure.js';

/** Meaning of a failed Submit. */
export type SubmitFailure =
  /** The transaction may or may not commit. */
  | 'doubt'
  /** The orderers don't accept this organization's signature: it will not commit. */
  | 'denied'
  /** No orderer was asked: it will not commit. */
  | 'not-sent';

/** Checks that the peer's gateway makes before it sends anything to an orderer. */
const BEFORE_SENDING: readonly GrpcStatus[] = [
  GrpcStatus.INVALID_ARGUMENT,
  GrpcStatus.FAILED_PRECONDITION,
  GrpcStatus.NOT_FOUND,
  GrpcStatus.UNIMPLEMENTED,
];

/**
 * Whether the orderers refused it: with Raft the one asked, with BFT most of those that failed, so that a single faulty
 * orderer can't have a doubtful outcome reported as a refusal.
 */
function isRefusal({ code, message, details }: Failure): boolean {
  if (code === GrpcStatus.ABORTED) return /status=(?:FORBIDDEN|BAD_REQUEST)/.test(message);
  if (code !== GrpcStatus.UNAVAILABLE) return false;
  return details.filter((detail) => detail.message.includes('FORBIDDEN')).length * 2 > details.length;
}

/** Reads a failed Submit. */
export function submitFailureOf(thrown: unknown): SubmitFailure {
  const failure = failureOf(thrown);
  if (isRefusal(failure)) return 'denied';
  if (BEFORE_SENDING.includes(failure.code)) return 'not-sent';
  if (failure.message.includes('no orderer nodes available')) return 'not-sent';
  if (failure.code === GrpcStatus.RESOURCE_EXHAUSTED && failure.message.includes('too many requests'))
    return 'not-sent';
  return 'doubt';
}
