/** How long what a gateway does may take. */
import { z } from 'zod';

const milliseconds = (fallback: number, least = 1) => z.int().min(least).max(600_000).default(fallback);

/** Time limits, all in milliseconds. */
export const TimeLimits = z.strictObject({
  /** One read through the own peer. */
  evaluateMs: milliseconds(5_000),
  /** Collecting the endorsements of one proposal. */
  endorseMs: milliseconds(15_000),
  /** Handing an endorsed transaction to the orderers. */
  submitMs: milliseconds(15_000),
  /** Waiting for the commit of a submitted transaction. */
  commitStatusMs: milliseconds(15_000),
  /** Finding out what became of a transaction in doubt. */
  settleMs: milliseconds(10_000),
  /** Endorsers that differ: how long one may be behind. A peer whose orderer lacks a block asks another one after 2 s. */
  lagMs: milliseconds(3_000, 0),
  /** Trying again after conflicts with other transactions. */
  conflictMs: milliseconds(5_000, 0),
  /** Trying others, or again, when peers can't be reached. */
  unreachableMs: milliseconds(2_000, 0),
  /** How long a request waits for the block that it asks for with `Min-Block`. */
  minBlockMs: milliseconds(5_000, 0),
  /** Agreeing on TLS with a client. */
  handshakeMs: milliseconds(10_000),
  /** How long the headers of a request may take to arrive. */
  headersMs: milliseconds(10_000),
  /** How long a whole request may take to arrive, its body included. */
  requestMs: milliseconds(30_000),
  /** How long a connection may be silent, also in the middle of an answer that its client doesn't read. */
  idleMs: milliseconds(180_000),
  /** How long requests under way may take to end when the gateway stops. */
  drainMs: milliseconds(10_000, 0),
});
