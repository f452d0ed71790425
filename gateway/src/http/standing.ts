/** What stands already, when the contract had nothing to write: read from the own peer, once it has it. */
import type { Role } from 'umlauf-chaincode/api';
import { Budget, systemTime } from '../fabric/budget.js';
import { ProblemError, isProblem, type ProblemData } from '../problem.js';
import type { Services } from './operation.js';
import type { Standing, WriteRoute } from './route.js';

const PAUSES = { firstPauseMs: 25, longestPauseMs: 250 } as const;

/**
 * Reads until the own peer shows what the endorsers found: it may be some blocks behind them.
 *
 * @param found data of the contract's refusal
 * @throws {ProblemError} `peer-behind`, and what else reading throws
 */
export async function standing(
  route: WriteRoute,
  input: unknown,
  role: Role,
  found: ProblemData,
  { ledger, self, blocks, lagMs }: Pick<Services, 'ledger' | 'self' | 'blocks' | 'lagMs'>,
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
