/**
 * What a failed endorsement means.
 *
 * A peer's gateway reports one detail for each endorser that failed; endorsers that succeeded are silent. So an error of
 * the contract is an answer only when every endorser asked gave it: endorsers may be a block behind each other.
 */
import { status as GrpcStatus } from '@grpc/grpc-js';
import { chaincodeErrorOf, chaincodeResponse, type ChaincodeError } from './chaincode-error.js';
import { failureOf, type Failure, type FailureDetail } from './failure.js';

/** Meaning of a failed endorsement. Nothing was handed to the orderers in any of these cases. */
export type EndorseFailure =
  /** Every endorser asked gave the same error of the contract. */
  | { readonly kind: 'rejected'; readonly error: ChaincodeError }
  /**
   * The endorsers differ: one is a block behind, or faulty. `error` is what the contract answered to most of those
   * asked or to the own peer, if it did: to be believed should the others not catch up.
   */
  | { readonly kind: 'disagreement'; readonly mspIds: readonly string[]; readonly error?: ChaincodeError }
  /** These organizations' peers can't be reached or don't run the chaincode; none: the own peer can't be reached. */
  | { readonly kind: 'unreachable'; readonly mspIds: readonly string[] }
  /** No answer came in time: one of the endorsers asked kept it back, or the own peer. */
  | { readonly kind: 'silent' }
  /** The peers don't accept this organization's signature any more. */
  | { readonly kind: 'denied' }
  /** The peer serves as many calls as it may already. */
  | { readonly kind: 'busy' }
  /** The chaincode or the peer failed in a way that another try won't mend. */
  | { readonly kind: 'fault'; readonly message: string };

const MISSING = /failed to find any endorsing peers for org\(s\): (.+)$/;
const DENIED = /access denied|creator org unknown/;
const MISMATCH = 'ProposalResponsePayloads do not match';
const BUSY = /too many requests/;

const mspIdsOf = (details: readonly FailureDetail[]): string[] => [
  ...new Set(details.map(({ mspId }) => mspId)),
];

interface Answer {
  readonly mspId: string;
  readonly error: ChaincodeError;
}

/** What the own peer answered, else what more than half of those asked answered. */
function prevailing(answers: readonly Answer[], asked: number, own: string): ChaincodeError | undefined {
  const ofOwn = answers.find(({ mspId }) => mspId === own);
  if (ofOwn) return ofOwn.error;
  const counts = new Map<string, number>();
  for (const { error } of answers) counts.set(error.code, (counts.get(error.code) ?? 0) + 1);
  return answers.find(({ error }) => (counts.get(error.code) ?? 0) * 2 > asked)?.error;
}

/** What the details say, once the call reached endorsers. */
function ofDetails(failure: Failure, asked: readonly string[], own: string): EndorseFailure {
  const { details } = failure;
  const first = details[0];
  if (!first) return { kind: 'fault', message: failure.message };
  if (details.every(({ message }) => DENIED.test(message))) return { kind: 'denied' };

  const silent = details.filter(
    ({ message }) => chaincodeResponse(message) === undefined && chaincodeErrorOf(message) === undefined,
  );
  const unreachable = silent.filter(({ message }) => message !== MISMATCH);
  if (unreachable.length > 0) return { kind: 'unreachable', mspIds: mspIdsOf(unreachable) };

  const answers = details.flatMap(({ mspId, message }): Answer[] => {
    const error = chaincodeErrorOf(message);
    return error ? [{ mspId, error }] : [];
  });
  const code = answers[0]?.error.code;
  const all = answers.length === details.length && answers.every(({ error }) => error.code === code);
  if (all && answers[0] && asked.every((mspId) => answers.some((answer) => answer.mspId === mspId)))
    return { kind: 'rejected', error: answers[0].error };
  if (silent.length === 0 && answers.length === 0 && details.length >= asked.length)
    return { kind: 'fault', message: first.message };
  const error = prevailing(answers, asked.length, own);
  return { kind: 'disagreement', mspIds: mspIdsOf(details), ...(error ? { error } : {}) };
}

/**
 * Reads a failed endorsement.
 * @param thrown What the client library threw.
 * @param named Organizations that were named; `undefined` if the peer chose: then its first endorser, which is the own
 *   peer, is asked alone before any other.
 * @param own The own MSP id.
 */
export function endorseFailureOf(
  thrown: unknown,
  named: readonly string[] | undefined,
  own: string,
): EndorseFailure {
  const failure = failureOf(thrown);
  const missing = MISSING.exec(failure.message)?.[1];
  if (missing !== undefined) return { kind: 'unreachable', mspIds: missing.split(', ') };
  switch (failure.code) {
    case GrpcStatus.RESOURCE_EXHAUSTED:
      return BUSY.test(failure.message) ? { kind: 'busy' } : { kind: 'fault', message: failure.message };
    case GrpcStatus.DEADLINE_EXCEEDED:
      if (failure.details.length === 0) return { kind: 'silent' };
      break;
    case GrpcStatus.UNAVAILABLE:
    case GrpcStatus.CANCELLED:
      if (failure.details.length === 0) return { kind: 'unreachable', mspIds: [] };
      break;
    case GrpcStatus.PERMISSION_DENIED:
    case GrpcStatus.UNAUTHENTICATED:
      return { kind: 'denied' };
    default:
  }
  return ofDetails(failure, named ?? mspIdsOf(failure.details), own);
}
