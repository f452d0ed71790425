/** The cooperative's ledger as routes and triggers meet it: named transactions in, JSON or a problem out. */
import {
  ownedBy,
  type EvaluateName,
  type Resolution,
  type Role,
  type SubmitName,
  type Vote,
} from 'umlauf-chaincode/api';
import type { z } from 'zod';
import type { FabricClient } from './fabric/client.js';
import type { SignedProposal, SignedTransaction } from './fabric/elsewhere-client.js';
import type { ElsewhereSubmitter } from './fabric/elsewhere-submitter.js';
import type { EndorsementNeed } from './fabric/endorsers.js';
import { evaluateProblem } from './fabric/evaluate-failure.js';
import { WRITES_NOTHING, type Committed, type Proposal, type Submitter } from './fabric/submitter.js';
import { Holdings } from './holdings.js';
import { Openings } from './openings.js';

/** Reading and writing for one organization. Inputs are validated by the caller. */
export interface Ledger {
  /** JSON as the contract answered it. */
  evaluate(transaction: EvaluateName, input: unknown, role: Role | undefined): Promise<Uint8Array>;
  /** @param onProposed Told of each transaction, before it is handed to the orderers. */
  submit(
    transaction: SubmitName,
    input: unknown,
    role: Role,
    onProposed?: (proposal: Proposal) => Promise<void>,
  ): Promise<Committed>;
  /**
   * Has a proposal endorsed that was signed elsewhere.
   * @returns `common.Payload`, to be signed by the same.
   */
  endorseSigned(transaction: SubmitName, input: unknown, proposal: SignedProposal): Promise<Uint8Array>;
  /** As {@link submit}, of what was signed elsewhere. */
  submitSigned(
    transaction: SubmitName,
    input: unknown,
    signed: SignedTransaction,
    onProposed?: (proposal: Proposal) => Promise<void>,
  ): Promise<Committed>;
}

/** Reads the result of a transaction. */
export function parsed(bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(bytes).toString('utf8'));
}

/** What others want to know of what is written here. */
export interface LedgerListener {
  /** A vote is about to be submitted; `settling` if it isn't simply in favour. */
  onVoting?(resolutionId: string, settling: boolean): void;
  /** The own peer has this block. */
  onCommitted?(block: bigint): void;
}

const CHANNEL_POLICY: EndorsementNeed = { policy: 'channel' };
type VoteInput = z.infer<typeof Vote> & { readonly id: string };

/** {@link Ledger} over Fabric. */
export class FabricLedger implements Ledger {
  /** What is known of the openings of votes; to be told the facts. */
  readonly openings: Openings;
  /** What is known of what the own organization holds; to be told the facts. */
  readonly holdings: Holdings;

  constructor(
    private readonly client: FabricClient,
    private readonly submitter: Submitter,
    private readonly elsewhere: ElsewhereSubmitter,
    private readonly listener: LedgerListener = {},
  ) {
    this.openings = new Openings(async (id) => {
      const bytes = await this.evaluate('resolutions:get', { id }, undefined);
      return (parsed(bytes) as Resolution).opening;
    });
    this.holdings = new Holdings(client.mspId, async ({ transaction, input }) =>
      parsed(await this.evaluate(transaction, input, undefined)),
    );
  }

  async evaluate(transaction: EvaluateName, input: unknown, role: Role | undefined): Promise<Uint8Array> {
    try {
      return await this.client.evaluate({ transaction, arguments: [JSON.stringify(input)], role });
    } catch (error) {
      throw evaluateProblem(error, this.client.mspId);
    }
  }

  async submit(
    transaction: SubmitName,
    input: unknown,
    role: Role,
    onProposed?: (proposal: Proposal) => Promise<void>,
  ): Promise<Committed> {
    this.#tellVoting(transaction, input);
    const committed = await this.submitter.submit({
      transaction,
      input: JSON.stringify(input),
      role,
      need: (anew) => this.#need(transaction, input, anew),
      onProposed,
    });
    this.listener.onCommitted?.(committed.blockNumber);
    return committed;
  }

  /**
   * Has a transaction ordered and committed that changes nothing. Nothing less shows that this gateway can write: an
   * orderer takes envelopes that no quorum will ever order, and an act that has been done before is answered without one.
   * @throws {ProblemError} as any submission.
   */
  async proveWriting(role: Role): Promise<void> {
    const need = () => Promise.resolve(CHANNEL_POLICY);
    await this.submitter.submit({ transaction: WRITES_NOTHING, input: '{}', role, need });
  }

  async endorseSigned(
    transaction: SubmitName,
    input: unknown,
    proposal: SignedProposal,
  ): Promise<Uint8Array> {
    const need = await this.#need(transaction, input, false);
    return this.#elsewhere(this.elsewhere.endorse({ transaction }, need, proposal));
  }

  async submitSigned(
    transaction: SubmitName,
    input: unknown,
    signed: SignedTransaction,
    onProposed?: (proposal: Proposal) => Promise<void>,
  ): Promise<Committed> {
    this.#tellVoting(transaction, input);
    const committed = await this.#elsewhere(this.elsewhere.submit({ transaction }, signed, onProposed));
    this.listener.onCommitted?.(committed.blockNumber);
    return committed;
  }

  #tellVoting(transaction: SubmitName, input: unknown): void {
    if (transaction !== 'resolutions:vote') return;
    const { id, choice, consentToProcedure } = input as VoteInput;
    this.listener.onVoting?.(id, choice !== 'yes' || consentToProcedure === false);
  }

  /** @param anew Whether what is remembered wasn't enough. */
  async #need(transaction: SubmitName, input: unknown, anew: boolean): Promise<EndorsementNeed> {
    if (transaction === 'resolutions:vote') return this.openings.need((input as VoteInput).id);
    const owned = ownedBy(transaction, input);
    return owned ? this.holdings.need(owned, anew) : CHANNEL_POLICY;
  }

  /** Whoever signs elsewhere tries again by another request, which mustn't be misled by what is remembered. */
  async #elsewhere<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      this.holdings.forget();
      throw error;
    }
  }
}
