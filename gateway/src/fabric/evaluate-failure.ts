/** What a failed evaluation means: it wrote nothing, so it is an answer of the contract or a matter of trying later. */
import { status as GrpcStatus } from '@grpc/grpc-js';
import { ProblemError } from '../problem.js';
import { chaincodeErrorOf, problemOfChaincode } from './chaincode-error.js';
import { failureOf, isGrpcFailure } from './failure.js';

/**
 * The problem that a failed evaluation is answered as.
 * @param own The own MSP id: it is the own peer that was asked.
 * @returns What was thrown, if it is no failed call but a fault of this program.
 */
export function evaluateProblem(error: unknown, own: string): unknown {
  if (!isGrpcFailure(error)) return error;
  const failure = failureOf(error);
  const chaincodeError = chaincodeErrorOf(failure.message);
  if (chaincodeError) return problemOfChaincode(chaincodeError);
  const cause = { cause: error };
  switch (failure.code) {
    case GrpcStatus.UNAVAILABLE:
    case GrpcStatus.DEADLINE_EXCEEDED:
    case GrpcStatus.CANCELLED:
    case GrpcStatus.ABORTED:
      return new ProblemError('peer-unavailable', { mspIds: [own] }, cause);
    case GrpcStatus.RESOURCE_EXHAUSTED:
      return new ProblemError('too-many-requests', { retryAfter: 1 }, cause);
    case GrpcStatus.FAILED_PRECONDITION:
    case GrpcStatus.PERMISSION_DENIED:
      return /access denied|creator org unknown/.test(failure.message)
        ? new ProblemError('organization-not-allowed', { act: 'read', of: "the channel's members" }, cause)
        : new ProblemError('peer-unavailable', { mspIds: [own] }, cause);
    default:
      return new ProblemError('internal', {}, cause);
  }
}
