import { type Call, recorded } from '../call';
import { sameContent } from '../canonical';
import { DomainError } from '../errors';
import type { MemberFacts, MemberRecord, Resignation } from '../member';
import { enterFor } from '../register/cooperative';
import { findMember, putMember } from '../register/register';
import { resignationEnd } from '../time';
import { memberStatus, memberFacts, onRegister } from './status';

/**
 * A member's own declaration that its membership ends (Kündigung, §65 GenG), to the first end of a financial year that
 * the bylaws' period allows. For a member whose organization never joined, the board that filed its application declares
 * it, with the document.
 *
 * @throws {DomainError} `not-found`, `unchanged`, `wrong-status`, `document-required` and what entering refuses
 */
export async function resign(
  call: Call,
  { id, document }: { id: string } & Resignation,
): Promise<MemberFacts> {
  const { act, found, bylaws, today } = await enterToResign(call, id);
  if (!onRegister(found))
    throw new DomainError('wrong-status', {
      resource: 'member',
      status: memberStatus(found),
      allowed: ['admitted', 'ending'],
    });
  if (found.resignation)
    throw sameContent(found.resignation.document, document)
      ? new DomainError('unchanged', { resource: 'member' })
      : new DomainError('wrong-status', { resource: 'member', status: 'ending', allowed: ['admitted'] });
  if (act === 'resign-for-member' && !document)
    throw new DomainError('document-required', { for: 'resignation' });

  const effectiveAt = resignationEnd(today, bylaws.resignationPeriod, bylaws.financialYearEnd);
  const record: MemberRecord = {
    ...found,
    resignation: { effectiveAt, ...(document && { document }), recorded: recorded(call) },
  };
  await putMember(call, record, found);
  call.tell('member.resigned', id, { effectiveAt });
  return memberFacts(record);
}

/** Whose act it is turns on whether the member's organization is on the network. */
async function enterToResign(call: Call, id: string) {
  const found = await findMember(call, id);
  const filedBy = found?.joined ? undefined : found?.application?.filedBy;
  const act = filedBy !== undefined && call.caller.role === 'board' ? 'resign-for-member' : 'resign';
  const entered = await enterFor(
    call,
    act,
    'member',
    () => Promise.resolve(found),
    () => ({ memberId: id, ...(filedBy !== undefined && { filedBy }) }),
  );
  return { ...entered, act };
}
