import { type Call, recorded } from '../call';
import { finding } from '../keys';
import type { FindingInput, Resolution } from '../resolution';
import { checkDate, enterAfterDecision, refuseRepetition } from './follow-up';
import { requireStatus } from './status';
import { ResolutionViews } from './view';

/**
 * A board-holding organization records the chair's finding (Feststellung, §47 GenG): an act of its own beside the vote's
 * outcome, with the hash of the minutes.
 *
 * @throws {DomainError} `not-found`, `wrong-status`, `date-out-of-range`, `unchanged`, `id-conflict` and what entering
 *   refuses
 */
export async function recordFinding(
  call: Call,
  { id, ...input }: { id: string } & FindingInput,
): Promise<Resolution> {
  const { found: record, ...cooperative } = await enterAfterDecision(call, 'finding', id);
  requireStatus(record, 'adopted', 'rejected', 'lapsed');
  refuseRepetition('finding', await call.ledger.get(finding(id)), input);
  if (record.decision) checkDate(input.date, record.decision, cooperative);

  const fact = { ...input, recorded: recorded(call) };
  await call.ledger.put(finding(id), fact);
  call.tell('resolution.finding', id, { date: input.date });
  return new ResolutionViews(call, cooperative.bylaws.timeZone).view(record, { finding: fact });
}
