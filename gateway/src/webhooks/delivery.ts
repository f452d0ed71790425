/** One event on its way to one webhook. */
import type { LedgerEvent } from '../events/ledger-event.js';
import type { Position } from '../events/position.js';

export interface Delivery {
  /** Of the event. */
  readonly id: string;
  readonly position: Position;
  readonly type: string;
  readonly resource: string;
  /** The envelope, JSON. */
  readonly body: string;
  /** Tries that failed. */
  readonly attempts: number;
}

/** A delivery that was given up. */
export interface DeadLetter extends Delivery {
  /** RFC 3339 */
  readonly at: string;
  /** Of the last failure. */
  readonly reason: string;
}

/** The delivery of an event. */
export const deliveryOf = ({ id, position, type, resource, json }: LedgerEvent): Delivery => ({
  id,
  position,
  type,
  resource,
  body: json,
  attempts: 0,
});
