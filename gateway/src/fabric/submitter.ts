/**
 * Submitting a transaction until there is a true answer: proposal, endorsements, orderers, commit.
 *
 * - Endorsers that can't be reached, or don't answer, are set aside and others named.
 * - Endorsers that differ are asked again: one may be a block behind.
 * - A conflict with another transaction (codes 11, 12) is tried again with a fresh proposal.
 * - A policy that wasn't met (code 10) has the channel's configuration read again, once: its threshold rises when an
 *   organization joins.
 * - A timestamp that endorsers refuse is tried again with a fresh proposal, once, if the proposal had grown old on a
 *   machine that stalled: a clock that is off is no better the second time.
 * - Whatever is in doubt is settled by transaction id before anything is answered or tried again.
 */
import { StatusCode } from '@hyperledger/fabric-gateway';
import { rules, type Role, type SubmitName } from 'umlauf-chaincode/api';
import { ProblemError } from '../problem.js';
import { UNOBSERVED, type Observer } from '../telemetry/observer.js';
import { Attempt, type AttemptOutcome } from './attempt.js';
import { Budget, systemTime, type Time } from './budget.js';
import { problemOfChaincode, type ChaincodeError } from './chaincode-error.js';
import type { Blocks } from './blocks.js';
import type { Channel } from './channel.js';
import type { FabricClient, Proposed } from './client.js';
import type { EndorsementNeed, Endorsers } from './endorsers.js';
import { EndorsingAgain, PAUSES } from './endorsing-again.js';
import type { Silence } from './silence.js';
import type { LedgerLookup } from './transactions.js';

/**
 * A transaction that only reads: submitted all the same, it is endorsed, ordered and committed like any other, and leaves
 * the state as it is.
 */
export const WRITES_NOTHING = 'members:whoAmI';

/** What is to be written. */
export interface Submission {
  readonly transaction: SubmitName | typeof WRITES_NOTHING;
  /** JSON of the transaction's input. */
  readonly input: string;
  readonly role: Role;
  /**
   * Asked before each try: who has to endorse may have changed.
   * @param anew Whether a try has failed for which what is remembered was believed.
   */
  readonly need: (anew: boolean) => Promise<EndorsementNeed>;
  /** Told of each try; none is handed to the orderers before this has resolved. */
  readonly onProposed?: ((proposed: Proposal) => Promise<void>) | undefined;
}

/** By which a transaction is found again and known for what was proposed. */
export type Proposal = Pick<Proposed, 'transactionId' | 'proposalHash'>;

/** What was written: valid, in a block of the own peer. */
export interface Committed {
  /** JSON as the contract answered it. */
  readonly result: Uint8Array;
  readonly transactionId: string;
  readonly blockNumber: bigint;
}

/** How much trouble is put up with. */
export interface Patience {
  /** Endorsers that differ, in milliseconds. */
  readonly lagMs: number;
  /** Conflicts with other transactions, in milliseconds. */
  readonly conflictMs: number;
  readonly conflictTries: number;
  /** Endorsers or an own peer that can't be reached, in milliseconds. */
  readonly unreachableMs: number;
  /** A doubtful outcome, in milliseconds. */
  readonly settleMs: number;
}

/** What a {@link Submitter} works with. */
export interface SubmitterParts {
  readonly client: FabricClient;
  readonly channel: Channel;
  readonly endorsers: Endorsers;
  readonly silence: Silence;
  readonly lookup: LedgerLookup;
  readonly blocks: Pick<Blocks, 'watch'>;
  readonly patience: Patience;
  readonly time?: Time;
  readonly observer?: Observer;
}

const isConflict = (code: number): boolean =>
  code === StatusCode.MVCC_READ_CONFLICT || code === StatusCode.PHANTOM_READ_CONFLICT;

/** Whether endorsers refuse the timestamp of a proposal that has waited for half of what it may be off. */
function isOutdated({ code, data }: ChaincodeError, waitedMs: number): boolean {
  if (code !== 'timestamp-off' || typeof data['skew'] !== 'string') return false;
  return waitedMs * 2 >= rules.durationMilliseconds(data['skew']);
}

/** Submits transactions for one gateway. */
export class Submitter {
  readonly #parts: Required<SubmitterParts>;

  constructor(parts: SubmitterParts) {
    this.#parts = { time: systemTime, observer: UNOBSERVED, ...parts };
  }

  /**
   * @throws {ProblemError} the contract's own error, or `conflict`, `transaction-invalid`, `endorsement-failed`,
   *   `peer-unavailable`, `outcome-unknown`, `organization-not-allowed`, `too-many-requests`, `internal`.
   */
  async submit(submission: Submission): Promise<Committed> {
    const { patience, endorsers, channel, client, time, observer } = this.#parts;
    const { transaction, input, role } = submission;
    const endorsing = new EndorsingAgain(this.#parts, { transaction, arguments: [input], role });
    const { conflictMs: milliseconds, conflictTries: tries } = patience;
    const conflicts = new Budget({ ...PAUSES, milliseconds, tries }, time);
    let policyReadAgain = false;
    let proposedAgain = false;

    for (let isFirst = true; ; isFirst = false) {
      const named = await endorsers.choose(await submission.need(!isFirst), endorsing.missed);
      const proposedAt = time.now();
      const outcome = await new Attempt(this.#parts, submission, named).run();
      switch (outcome.kind) {
        case 'committed':
          endorsers.succeeded(named ?? [], proposedAt);
          return outcome;
        case 'invalid':
          if (isConflict(outcome.validationCode) && (await conflicts.next())) {
            observer.retried('conflict');
            continue;
          }
          if (outcome.validationCode === StatusCode.ENDORSEMENT_POLICY_FAILURE && !policyReadAgain) {
            observer.retried('policy');
            policyReadAgain = true;
            channel.forget();
            continue;
          }
          break;
        case 'rejected':
          if (!proposedAgain && isOutdated(outcome.error, time.now() - proposedAt)) {
            observer.retried('outdated');
            proposedAgain = true;
            continue;
          }
          break;
        default:
          if (await endorsing.worthIt(outcome, named, proposedAt)) continue;
      }
      throw problemOf(outcome, submission, client.mspId, endorsing.missed);
    }
  }
}

/**
 * The problem that an attempt is answered as which didn't succeed and isn't worth another try.
 * @param missed MSP ids of those that kept silent or could not be reached, if it is known who.
 */
export function problemOf(
  outcome: Exclude<AttemptOutcome, { kind: 'committed' }>,
  { transaction }: Pick<Submission, 'transaction'>,
  own: string,
  missed: Iterable<string> = [],
): ProblemError {
  switch (outcome.kind) {
    case 'rejected':
      return problemOfChaincode(outcome.error);
    case 'disagreement':
      return outcome.error
        ? problemOfChaincode(outcome.error)
        : new ProblemError('endorsement-failed', { mspIds: outcome.mspIds });
    case 'unreachable':
      return peerUnavailable(outcome.mspIds, own);
    case 'silent':
      return peerUnavailable([...missed], own);
    case 'denied':
      return new ProblemError('organization-not-allowed', { act: transaction, of: "the channel's members" });
    case 'busy':
      return new ProblemError('too-many-requests', { retryAfter: 1 });
    case 'not-sent':
      return new ProblemError('peer-unavailable', { mspIds: [] });
    case 'invalid': {
      const { transactionId, validationCode } = outcome;
      return isConflict(validationCode)
        ? new ProblemError('conflict', { transactionId })
        : new ProblemError('transaction-invalid', { transactionId, validationCode });
    }
    case 'unknown':
      return new ProblemError('outcome-unknown', { transactionId: outcome.transactionId });
    case 'fault':
      return new ProblemError('internal', {}, { cause: outcome.message });
  }
}

/** @param own who is to blame where nobody else is known to be. */
function peerUnavailable(mspIds: readonly string[], own: string): ProblemError {
  return new ProblemError('peer-unavailable', { mspIds: mspIds.length > 0 ? mspIds : [own] });
}
