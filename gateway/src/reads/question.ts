/** What is asked of the ledger, and how long its answer can stand. */
import type { EvaluateName, Role } from 'umlauf-chaincode/api';
import { parsed } from '../ledger.js';

/** A reading transaction, and the role whose key signs it. */
export interface Question {
  readonly transaction: EvaluateName;
  readonly input: unknown;
  readonly role: Role;
}

/** What tells questions apart: the role too, by whose rights the contract answers. */
export const nameOf = ({ transaction, input, role }: Question): string =>
  `${role} ${transaction} ${JSON.stringify(input)}`;

/**
 * Which ballots an answer depends on: those of one resolution, of any, or of none. What else it depends on isn't told apart.
 */
export function ballotsIn({ transaction, input }: Question): string | undefined {
  if (!transaction.startsWith('resolutions:')) return undefined;
  // No id has a space in it.
  return transaction === 'resolutions:list' ? ANY : (input as { readonly id: string }).id;
}

/** Stands for the ballots of any resolution; no id. */
export const ANY = ' ';

/** A legal day begins at one of these in every time zone, and by it a membership may have ended: nobody reads on then. */
const QUARTER_HOUR_MS = 15 * 60_000;

interface Shown {
  readonly status?: string;
  readonly decidable?: boolean;
  readonly deadline?: string;
}

/** When the clock alone changes what is shown: a resolution becomes decidable after its deadline. */
function deadlineIn({ status, decidable, deadline }: Shown): number {
  return status === 'open' && decidable === false && deadline !== undefined ? Date.parse(deadline) : Infinity;
}

/**
 * Until when an answer stands if no block changes it, in milliseconds since 1970. A resolution that has passed its deadline
 * isn't kept at all; nor are open points, which are a matter of the day.
 */
export function standsUntil({ transaction }: Question, answer: Uint8Array, askedMs: number): number {
  if (transaction === 'members:openPoints') return -Infinity;
  const nextDay = (Math.floor(askedMs / QUARTER_HOUR_MS) + 1) * QUARTER_HOUR_MS;
  if (transaction !== 'resolutions:get' && transaction !== 'resolutions:list') return nextDay;
  const shown = parsed(answer) as Shown & { readonly items?: readonly Shown[] };
  return Math.min(nextDay, ...(shown.items ?? [shown]).map(deadlineIn));
}
