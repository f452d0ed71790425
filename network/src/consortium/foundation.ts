/** Plays the foundation from the consortium file: one founder submits it, each confirms it through its own gateway. */
import type { Bylaws, Foundation, FoundationInput, MemberIdentity } from 'umlauf-chaincode/api';
import { waitForOthers, type Patience } from '../patience.js';
import { all, call, RestProblem, type GatewayAccess } from '../rest.js';
import { UserError } from '../user-error.js';

export interface FoundationStep {
  readonly text: string;
  readonly transactionId?: string;
}

/** Whether the cooperative has been founded. */
export async function foundationOf(gateway: GatewayAccess): Promise<Foundation | undefined> {
  return (await foundations(gateway)).find(({ status }) => status === 'held');
}

function foundations(gateway: GatewayAccess): Promise<Foundation[]> {
  return all<Foundation>(gateway, 'auditor', '/foundations');
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
  for (const gateway of gateways) minBlock = await confirm(gateway, id, minBlock, report);
}

/**
 * Does the part of the founders on this machine, and waits until the others have done theirs on their own: whichever
 * submits first, all confirm the same, if their files say the same.
 * @param gateways of the founders here
 */
export async function foundTogether(
  gateways: readonly GatewayAccess[],
  foundation: FoundationInput,
  report: (step: FoundationStep) => void,
  patience: Patience,
): Promise<void> {
  const [first] = gateways;
  if (!first) throw new UserError('there is no founder on this machine, and the others have not founded yet');
  const withOthers = (act: () => Promise<void>) =>
    waitForOthers(async () => {
      try {
        await act();
        return undefined;
      } catch (error) {
        const missing = missingFor(error, foundation);
        if (missing === undefined) throw error;
        return missing;
      }
    }, patience);
  let id = '';
  let minBlock: string | undefined;
  await withOthers(async () => {
    const submitted = await call<Foundation>(first, 'board', 'POST', '/foundations', { body: foundation });
    ({ id } = submitted.body);
    minBlock = submitted.blockNumber;
    if (submitted.transactionId !== undefined)
      report({ text: `${first.memberId} submits the foundation`, ...transactionOf(submitted) });
  });
  for (const gateway of gateways)
    await withOthers(async () => {
      await confirm(gateway, id, minBlock, report);
    });
  await waitForOthers(async () => {
    const submissions = await foundations(first);
    if (submissions.some(({ status }) => status === 'held')) return undefined;
    const own = submissions.find((each) => each.id === id);
    const rivals = submissions.filter((each) => each !== own).map((rival) => rivalText(rival, foundation));
    return [`${own?.missing.join(', ') ?? 'the others'} to confirm the foundation ${id}`, ...rivals].join(
      '; ',
    );
  }, patience);
}

/** What members elsewhere have to do first, if it is that: their peers may still be coming up, or blocks behind. */
function missingFor(error: unknown, foundation: FoundationInput): string | undefined {
  if (!(error instanceof RestProblem)) return undefined;
  const { mspId, title = '' } = error.problem;
  if (error.is('member-not-on-network'))
    return `${nameOf(mspId, foundation)} to approve the chaincode: the foundation needs all founders`;
  if (error.is('endorsement-failed') || error.is('peer-unavailable'))
    return `enough members' peers to endorse the foundation: ${title}`;
  return undefined;
}

function nameOf(mspId: unknown, { members }: FoundationInput): string {
  return members.find((member) => member.mspId === mspId)?.id ?? String(mspId);
}

function rivalText({ id, confirmations, members, bylaws }: Foundation, own: FoundationInput): string {
  const differs = [
    ...(JSON.stringify(members) === JSON.stringify(own.members) ? [] : ['members']),
    ...(JSON.stringify(bylaws) === JSON.stringify(own.bylaws) ? [] : ['bylaws']),
  ];
  const by = confirmations.map(({ memberId }) => memberId).join(', ');
  return `another one, ${id}, which ${by === '' ? 'somebody submitted' : `${by} confirmed`}, differs from the files here in its ${differs.join(' and ')}`;
}

/** @returns the block from which on the next must see it */
async function confirm(
  gateway: GatewayAccess,
  id: string,
  minBlock: string | undefined,
  report: (step: FoundationStep) => void,
): Promise<string | undefined> {
  try {
    const confirmed = await call<Foundation>(gateway, 'board', 'POST', `/foundations/${id}/confirm`, {
      minBlock,
    });
    report({ text: `${gateway.memberId} confirms the foundation`, ...transactionOf(confirmed) });
    return confirmed.blockNumber ?? minBlock;
  } catch (error) {
    if (error instanceof RestProblem && error.is('already-founded')) return minBlock;
    throw error;
  }
}

function transactionOf({ transactionId }: { transactionId?: string }): { transactionId?: string } {
  return transactionId === undefined ? {} : { transactionId };
}
