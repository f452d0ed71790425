/**
 * Finding out what became of a transaction after Submit or CommitStatus failed, before anything is answered or retried.
 */
import { StatusCode } from '@hyperledger/fabric-gateway';
import type { Role } from 'umlauf-chaincode/api';
import type { Observer } from '../telemetry/observer.js';
import type { Time } from './budget.js';
import type { FabricClient } from './client.js';
import type { LedgerLookup, LedgerTransaction } from './transactions.js';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 500;
const STEP_MS = 1_000;

/** What became of a transaction. */
export type Settled =
  | LedgerTransaction
  /** The own peer's ledger didn't have it when it was asked last: it may still commit. */
  | 'absent'
  /** The own peer didn't answer when it was asked last. */
  | 'unreachable';

/**
 * What a valid transaction answered, if it is the one that was proposed. Under its id may stand another one, of whoever
 * has the same key and used the same nonce: then the proposed one never takes effect, for its id is taken.
 */
export function resultOf(
  { content }: LedgerTransaction,
  proposed: { readonly proposalHash: string },
): Uint8Array | undefined {
  const { proposalHash, result } = content();
  return proposalHash === proposed.proposalHash ? result : undefined;
}

/** What settling asks, and whom it tells. */
export interface SettleParts {
  readonly client: FabricClient;
  readonly lookup: LedgerLookup;
  readonly time: Time;
  readonly observer: Observer;
}

/** Looks once. */
async function look(transactionId: string, withinMs: number, lookup: LedgerLookup): Promise<Settled> {
  try {
    return (await lookup.transaction(transactionId, withinMs)) ?? 'absent';
  } catch {
    return 'unreachable';
  }
}

/**
 * Asks the own peer for a transaction that this gateway proposed, until it is there or time is up.
 * @param withinMs 0 looks once.
 */
export async function settle(
  transactionId: string,
  role: Role | undefined,
  withinMs: number,
  parts: SettleParts,
): Promise<Settled> {
  const { observer } = parts;
  const settled = await observer.step('settle', () => found(transactionId, role, withinMs, parts), {
    'umlauf.transaction.id': transactionId,
  });
  if (typeof settled === 'string') observer.settled(settled);
  else observer.settled(settled.validationCode === StatusCode.VALID ? 'valid' : 'invalid');
  return settled;
}

async function found(
  transactionId: string,
  role: Role | undefined,
  withinMs: number,
  { client, lookup, time }: SettleParts,
): Promise<Settled> {
  const until = time.now() + withinMs;
  let pauseMs = FIRST_PAUSE_MS;
  for (let stepMs = STEP_MS; ; stepMs = Math.min(STEP_MS, until - time.now())) {
    const now = await look(transactionId, stepMs, lookup);
    if (typeof now !== 'string') return now;
    // CommitStatus tells the moment that it is there; then it can be looked up.
    const committed = now === 'absent' && (await commits(transactionId, role, until - time.now(), client));
    if (committed) continue;
    const leftMs = until - time.now();
    if (leftMs <= 0) return now;
    // The peer can't be reached, or the transaction isn't there yet; both may change.
    await time.pause(Math.min(pauseMs, leftMs));
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
}

async function commits(
  transactionId: string,
  role: Role | undefined,
  leftMs: number,
  client: FabricClient,
): Promise<boolean> {
  if (leftMs <= 0) return false;
  try {
    await client.commitStatus(transactionId, role, Math.min(STEP_MS, leftMs));
    return true;
  } catch {
    return false;
  }
}
