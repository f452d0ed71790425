import { authorize } from '../acts';
import { FOUNDING_VERSION } from '../bylaws';
import { type Call, SKEW_BEFORE_FOUNDATION, checkTimestamp, recorded } from '../call';
import { DomainError } from '../errors';
import type { Foundation } from '../foundation';
import {
  type FoundationSubmission,
  bylawsInForce,
  bylawsVersion,
  foundationConfirmation,
  heldFoundation,
} from '../keys';
import type { MemberRecord } from '../member';
import { putRepresentation } from '../members/representation';
import { putMember } from '../register/register';
import { legalDate } from '../time';
import { checkFounders, confirmationsOf, foundationView, getSubmission } from './submission';

/**
 * A founder's board confirms one foundation from its own organization; while none holds it may move to another. The
 * first that all its founders have confirmed holds, for good, and counts as their admission and their joining.
 *
 * Reads every founder's confirmation, so that two confirmations at once conflict instead of both missing the other.
 *
 * @throws {DomainError} `timestamp-off`, `not-found`, `role-not-allowed`, `organization-not-allowed`, `unchanged`,
 *   `already-founded`, `founders-mismatch`, `member-not-on-network`
 */
export async function confirmFoundation(call: Call, { id }: { id: string }): Promise<Foundation> {
  checkTimestamp(call, SKEW_BEFORE_FOUNDATION);
  const held = await call.ledger.get(heldFoundation);
  const submission = await getSubmission(call, id);
  const founder = submission.members.some(({ mspId }) => mspId === call.caller.mspId);
  authorize('confirm-foundation', call.caller.role, { membership: 'outside', founder }, call.at);
  const confirmations = await confirmationsOf(call, submission);
  if (confirmations.get(call.caller.mspId)?.foundation === id)
    throw new DomainError('unchanged', { resource: 'foundation' });
  if (held) throw new DomainError('already-founded', { foundation: held.id });
  await checkFounders(call, submission, true);

  const confirmation = { foundation: id, recorded: recorded(call) };
  confirmations.set(call.caller.mspId, confirmation);
  await call.ledger.put(foundationConfirmation(call.caller.mspId), confirmation);
  call.tell('foundation.confirmed', id, { mspId: call.caller.mspId });

  const all = submission.members.every(({ mspId }) => confirmations.get(mspId)?.foundation === id);
  if (all) await found(call, submission);
  return foundationView(submission, confirmations, all ? { id, recorded: recorded(call) } : undefined);
}

async function found(call: Call, { id, members, bylaws }: FoundationSubmission): Promise<void> {
  const fact = recorded(call);
  await call.ledger.put(heldFoundation, { id, recorded: fact });
  await call.ledger.put(bylawsVersion(FOUNDING_VERSION), {
    id: FOUNDING_VERSION,
    effectiveFrom: legalDate(call.at, bylaws.timeZone),
    recorded: fact,
    bylaws,
  });
  await call.ledger.put(bylawsInForce, { version: FOUNDING_VERSION });
  for (const { office, operator, ...identity } of members) {
    const record: MemberRecord = {
      ...identity,
      admission: { foundation: id, decidedAt: call.at, effectiveAt: call.at, recorded: fact },
      joined: fact,
    };
    await putMember(call, record, undefined);
    await putRepresentation(call, record.id, { office, operator }, []);
  }
  call.tell('foundation.held', id, { members: members.length });
  call.tell('bylaws.in-force', FOUNDING_VERSION);
}
