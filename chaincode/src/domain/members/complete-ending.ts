import { type Call, recorded } from '../call';
import { DomainError } from '../errors';
import type { MemberFacts } from '../member';
import { enterFor } from '../register/cooperative';
import { findMember, putMember } from '../register/register';
import { completableAfter, endsOn, memberStatus, memberFacts } from './status';

/**
 * Any admitted member completes an ending from the day after the membership's last: the member is a former one, and its
 * organization is covered by nothing any more. A resignation must have been received.
 *
 * @throws {DomainError} `not-found`, `unchanged`, `wrong-status`, `ending-not-due`, `not-received` and what entering refuses
 */
export async function completeEnding(call: Call, { id }: { id: string }): Promise<MemberFacts> {
  const { found: before, today } = await enterFor(call, 'complete-ending', 'member', () =>
    findMember(call, id),
  );
  const status = memberStatus(before);
  if (status === 'former') throw new DomainError('unchanged', { resource: 'member' });
  const last = endsOn(before);
  if (status !== 'ending' || last === undefined)
    throw new DomainError('wrong-status', { resource: 'member', status, allowed: ['ending'] });
  if (today <= last) throw new DomainError('ending-not-due', { endsOn: last });
  const counting = completableAfter(before);
  if (counting === undefined || today <= counting)
    throw new DomainError('not-received', { phase: 'resignation' });

  const record = { ...before, completed: recorded(call) };
  await putMember(call, record, before);
  call.tell('member.former', id, { mspId: record.mspId });
  return memberFacts(record);
}
