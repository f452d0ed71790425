/** What stands already, when the contract had nothing to write: read from the own peer, once it has it. */
import type { Blocks } from '../fabric/blocks.js';
import { Budget, systemTime } from '../fabric/budget.js';
import type { Self, Standing } from '../http/route.js';
import type { Ledger } from '../ledger.js';
import { ProblemError, isProblem, type ProblemData } from '../problem.js';
import type { Act } from './perform.js';

/** What is read with. */
export interface StandingParts {
  readonly ledger: Ledger;
  readonly self: Self;
  readonly blocks: Pick<Blocks, 'last'>;
  /** How long the own peer may lag behind those that found something recorded already. */
  readonly lagMs: number;
}

const PAUSES = { firstPauseMs: 25, longestPauseMs: 250 } as const;

/**
 * Reads until the own peer shows what the endorsers found: it may be some blocks behind them.
 *
 * @param found data of the contract's refusal
 * @throws {ProblemError} `peer-behind`, and what else reading throws
 */
export async function standing(
  { route, input, role }: Act,
  found: ProblemData,
  { ledger, self, blocks, lagMs }: StandingParts,
): Promise<Standing> {
  const budget = new Budget({ ...PAUSES, milliseconds: lagMs }, systemTime);
  do {
    try {
      const stands = await route.standing(ledger, input, role, self, found);
      if (stands) return stands;
    } catch (error) {
      if (!isProblem(error, 'not-found')) throw error;
    }
  } while (await budget.next());
  throw new ProblemError('peer-behind', { height: String(blocks.last + 1n) });
}
