import { type Call, recorded } from '../call';
import { DomainError } from '../errors';
import { claim } from '../keys';
import type { Member } from '../member';
import { enterFor } from '../register/cooperative';
import { findMember, putMember } from '../register/register';
import { representationOf } from './representation';
import { memberStatus, memberView } from './status';

/**
 * The board that filed an application takes it back until a resolution on it is open; if that member has left, a
 * board-holding organization does.
 *
 * @throws {DomainError} `not-found`, `unchanged`, `wrong-status`, `target-claimed` and what entering refuses
 */
export async function withdrawApplication(call: Call, { id }: { id: string }): Promise<Member> {
  const { found: before } = await enterFor(
    call,
    'withdraw-application',
    'member',
    () => findMember(call, id),
    ({ application }) => (application ? { filedBy: application.filedBy } : {}),
  );
  const status = memberStatus(before);
  if (status === 'withdrawn') throw new DomainError('unchanged', { resource: 'member' });
  if (status !== 'applied')
    throw new DomainError('wrong-status', { resource: 'member', status, allowed: ['applied'] });
  const claimed = await call.ledger.get(claim('applicant', id));
  if (claimed) throw new DomainError('target-claimed', { resolutionId: claimed.resolutionId });

  const record = { ...before, withdrawal: recorded(call) };
  await putMember(call, record, before);
  call.tell('member.withdrawn', id);
  // An applicant has no organization here that could change it meanwhile.
  return memberView(record, await representationOf(call, id));
}
