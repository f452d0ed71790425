/** Having an act written, and the answer to whoever asked for it. */
import type { Role } from 'umlauf-chaincode/api';
import type { SignedTransaction } from '../fabric/elsewhere-client.js';
import type { Committed, Proposal } from '../fabric/submitter.js';
import type { LedgerLookup } from '../fabric/transactions.js';
import { API_BASE } from '../http/base.js';
import type { Self, WriteRoute } from '../http/route.js';
import type { Written } from '../journal/entry.js';
import { parsed, type Ledger } from '../ledger.js';
import { ProblemError } from '../problem.js';
import { standing, type StandingParts } from './standing.js';

/** An act, validated. */
export interface Act {
  readonly route: WriteRoute;
  readonly input: unknown;
  readonly role: Role;
  /** Present if it was signed elsewhere. */
  readonly signed?: SignedTransaction;
}

/** What acts are written with. */
export interface PerformParts extends StandingParts {
  readonly self: Self;
  readonly ledger: Ledger;
  readonly lookup: Pick<LedgerLookup, 'transaction'>;
}

const located = ({ route, input }: Act, bytes: Uint8Array): string =>
  `${API_BASE}${route.location(input, () => parsed(bytes))}`;

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

function submitted(
  { route: { transaction }, input, role, signed }: Act,
  onProposed: (proposal: Proposal) => Promise<void>,
  ledger: Ledger,
): Promise<Committed> {
  return signed
    ? ledger.submitSigned(transaction, input, signed, onProposed)
    : ledger.submit(transaction, input, role, onProposed);
}

/**
 * Writes.
 * @param onProposed Told of each transaction, before it is handed to the orderers.
 * @throws {ProblemError} why it had no effect, or `outcome-unknown`.
 */
export async function perform(
  act: Act,
  onProposed: (proposal: Proposal) => Promise<void>,
  parts: PerformParts,
): Promise<Written> {
  const { route } = act;
  let committed: Committed;
  try {
    committed = await submitted(act, onProposed, parts.ledger);
  } catch (error) {
    if (!(error instanceof ProblemError) || !route.stands(error.code, error.data)) throw error;
    const { bytes, transactionId } = await standing(act, error.data, parts);
    const recorded = await parts.lookup.transaction(transactionId).catch(() => undefined);
    return {
      kind: 'written',
      status: 200,
      location: located(act, bytes),
      transactionId,
      ...(recorded ? { blockNumber: String(recorded.blockNumber) } : {}),
      body: text(bytes),
    };
  }
  return answered(act, committed, parts);
}

/** It is on the ledger, but what stands there can't be read back just now. */
export class Unread extends ProblemError {
  constructor({ code, data }: ProblemError, transactionId: string) {
    super(code, { ...data, transactionId });
  }
}

async function readBack(act: Act, transactionId: string, parts: StandingParts): Promise<Uint8Array> {
  try {
    return (await standing(act, {}, parts)).bytes;
  } catch (error) {
    throw error instanceof ProblemError ? new Unread(error, transactionId) : error;
  }
}

/**
 * The answer to an act whose transaction is committed.
 * @throws {Unread}
 */
export async function answered(act: Act, committed: Committed, parts: PerformParts): Promise<Written> {
  const { route } = act;
  const { result, transactionId, blockNumber } = committed;
  const readsBack = route.answers !== route.transaction;
  return {
    kind: 'written',
    status: route.created ? 201 : 200,
    location: located(act, result),
    transactionId,
    blockNumber: String(blockNumber),
    body: text(readsBack ? await readBack(act, transactionId, parts) : result),
  };
}
