/** The cooperative's ledger as routes and triggers meet it: named transactions in, JSON or a problem out. */
import { status as GrpcStatus } from '@grpc/grpc-js';
import type { EvaluateName, Resolution, Role, SubmitName } from 'umlauf-chaincode/api';
import { chaincodeErrorOf, problemOfChaincode } from './fabric/chaincode-error.js';
import type { FabricClient } from './fabric/client.js';
import type { EndorsementNeed } from './fabric/endorsers.js';
import { failureOf, isGrpcFailure } from './fabric/failure.js';
import type { Committed, Submitter } from './fabric/submitter.js';
import { ProblemError } from './problem.js';

/** Reading and writing for one organization. Inputs are validated by the caller. */
export interface Ledger {
  /** JSON as the contract answered it. */
  evaluate(transaction: EvaluateName, input: unknown, role: Role | undefined): Promise<Uint8Array>;
  submit(transaction: SubmitName, input: unknown, role: Role): Promise<Committed>;
}

/** Reads the result of a transaction. */
export function parsed(bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(bytes).toString('utf8'));
}

/** Resolutions whose pinned endorsers are remembered, at most. */
const REMEMBERED_OPENINGS = 5_000;

/** {@link Ledger} over Fabric. */
export class FabricLedger implements Ledger {
  readonly #openings = new Map<string, EndorsementNeed>();

  /** @param onCommitted Told the block of each commit. */
  constructor(
    private readonly client: FabricClient,
    private readonly submitter: Submitter,
    private readonly onCommitted: (block: bigint) => void = () => undefined,
  ) {}

  async evaluate(transaction: EvaluateName, input: unknown, role: Role | undefined): Promise<Uint8Array> {
    try {
      return await this.client.evaluate({ transaction, arguments: [JSON.stringify(input)], role });
    } catch (error) {
      throw evaluateProblem(error, this.client.mspId);
    }
  }

  async submit(transaction: SubmitName, input: unknown, role: Role): Promise<Committed> {
    const need: EndorsementNeed =
      transaction === 'resolutions:vote'
        ? await this.#ballotNeed((input as { id: string }).id, role)
        : { policy: 'channel' };
    const committed = await this.submitter.submit({ transaction, input: JSON.stringify(input), role, need });
    this.onCommitted(committed.blockNumber);
    return committed;
  }

  /** Who has to endorse a ballot was pinned when voting opened and never changes, so it is read once. */
  async #ballotNeed(resolutionId: string, role: Role): Promise<EndorsementNeed> {
    const remembered = this.#openings.get(resolutionId);
    if (remembered) return remembered;
    const bytes = await this.evaluate('resolutions:get', { id: resolutionId }, role);
    const { opening } = parsed(bytes) as Resolution;
    // Not open: the contract refuses, whoever endorses.
    if (!opening) return { policy: 'channel' };
    const need: EndorsementNeed = { policy: 'ballot', others: opening.endorsers, f: opening.f };
    this.#openings.set(resolutionId, need);
    if (this.#openings.size > REMEMBERED_OPENINGS) {
      const oldest = this.#openings.keys().next();
      if (!oldest.done) this.#openings.delete(oldest.value);
    }
    return need;
  }
}

/** The problem that a failed evaluation is answered as. */
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
