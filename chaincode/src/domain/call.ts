/** One call of a transaction: who calls, when, on which ledger, and what it tells the world. */
import { DomainError } from './errors';
import type { Fact, FactType } from './facts';
import type { Ledger } from './ledger';
import type { Recorded, Role } from './primitives';
import { durationMilliseconds, milliseconds } from './time';

export interface Caller {
  readonly mspId: string;
  /** Absent where the certificate carries none. */
  readonly role?: Role;
}

/** What the contract itself sees of the channel. */
export interface Network {
  /** Every organization on the channel by MSP id, and whether it has approved the chaincode's definition. */
  organizations(): Promise<ReadonlyMap<string, boolean>>;
}

export interface Call {
  readonly ledger: Ledger;
  readonly network: Network;
  readonly caller: Caller;
  readonly transactionId: string;
  /** The transaction's timestamp, RFC 3339. Chosen by the client, so writes check it against the peer's clock. */
  readonly at: string;
  /** The peer's own clock in milliseconds since the epoch; absent where nothing is written. Never enters the state. */
  readonly clock?: number;
  /** Adds a fact to the transaction's one event. */
  readonly tell: (type: FactType, id: string, data?: Fact['data']) => void;
}

/** How far a timestamp may be off before the bylaws say so. */
export const SKEW_BEFORE_FOUNDATION = 'PT30S';

/**
 * Refuses a timestamp that is off this peer's own clock: on the network the client chooses it within ±15 minutes.
 *
 * @throws {DomainError} `timestamp-off`
 */
export function checkTimestamp(call: Call, skew: string): void {
  if (call.clock === undefined) return;
  if (Math.abs(milliseconds(call.at) - call.clock) > durationMilliseconds(skew))
    throw new DomainError('timestamp-off', { skew });
}

/** The call as a fact: when, by which organization in which role, in which transaction. */
export function recorded(call: Call): Recorded {
  if (!call.caller.role) throw new Error('an act without a role was not refused');
  return {
    at: call.at,
    mspId: call.caller.mspId,
    role: call.caller.role,
    transactionId: call.transactionId,
  };
}
