/** Plays the foundation from the consortium file: one founder submits it, each confirms it through its own gateway. */
import type { Bylaws, Foundation, FoundationInput, MemberIdentity } from 'umlauf-chaincode/api';
import { all, call, RestProblem, type GatewayAccess } from '../rest.js';
import { UserError } from '../user-error.js';

export interface FoundationStep {
  readonly text: string;
  readonly transactionId?: string;
}

/** Whether the cooperative has been founded. */
export async function foundationOf(gateway: GatewayAccess): Promise<Foundation | undefined> {
  const foundations = await all<Foundation>(gateway, 'auditor', '/foundations');
  return foundations.find(({ status }) => status === 'held');
}

/**
 * Submits and confirms what is missing; running it again finishes what was interrupted.
 * @param gateways of all founders
 */
export async function playFoundation(
  gateways: readonly GatewayAccess[],
  members: readonly MemberIdentity[],
  bylaws: Bylaws,
  report: (step: FoundationStep) => void,
): Promise<void> {
  const [first] = gateways;
  if (!first) throw new UserError('there is no founder on this machine');
  const foundation: FoundationInput = { members: [...members], bylaws };
  const submitted = await call<Foundation>(first, 'board', 'POST', '/foundations', { body: foundation });
  report({ text: `${first.memberId} submits the foundation`, ...transactionOf(submitted) });
  const { id } = submitted.body;
  let minBlock = submitted.blockNumber;
  for (const gateway of gateways) {
    try {
      const confirmed = await call<Foundation>(gateway, 'board', 'POST', `/foundations/${id}/confirm`, {
        minBlock,
      });
      minBlock = confirmed.blockNumber ?? minBlock;
      report({ text: `${gateway.memberId} confirms the foundation`, ...transactionOf(confirmed) });
    } catch (error) {
      if (!(error instanceof RestProblem && error.is('already-founded'))) throw error;
    }
  }
}

function transactionOf({ transactionId }: { transactionId?: string }): { transactionId?: string } {
  return transactionId === undefined ? {} : { transactionId };
}
