/** A transaction of the run with other content: what it is, and the checks that find it. */
import type { Role } from 'umlauf-chaincode/api';
import type { Check } from '../report.js';
import type { Draft } from './forge.js';
import type { TestRun } from './run.js';

/** Changes the content of a transaction. */
export type Change = (draft: Draft, run: TestRun) => void;

/** `call` is the function that the transaction called, with `#n` the n-th that did, from 0. */
export type Attack = readonly [name: string, call: string, change: Change, ...checks: Check[]];

/** Has an office of a member create it. */
export function as(memberId: string, role: Role): Change {
  return (draft, run) => (draft.creator = run.signer(memberId, role));
}

/** Moves its timestamp. */
export function later(days: number): Change {
  return (draft) => {
    const at = new Date(draft.at.getTime() + days * 86_400_000);
    draft.replaceText(draft.at.toISOString(), at.toISOString());
    draft.at = at;
  };
}
