import { type Call, recorded } from '../call';
import { DomainError } from '../errors';
import type { Member, MemberChange, MemberRecord } from '../member';
import { enterFor } from '../register/cooperative';
import { findMember, putMember } from '../register/register';
import { memberView } from './status';

/**
 * The member's own board changes who represents it and who operates for it: two facts that its history keeps.
 *
 * @throws {DomainError} `not-found`, `unchanged` and what entering refuses
 */
export async function changeMember(
  call: Call,
  { id, change }: { id: string; change: MemberChange },
): Promise<Member> {
  const { found: before } = await enterFor(
    call,
    'change',
    'member',
    () => findMember(call, id),
    () => ({ memberId: id }),
  );
  const { operator: formerOperator, ...rest } = before;
  const office = change.office ?? before.office;
  const operator = change.operator === undefined ? formerOperator : (change.operator ?? undefined);
  if (office === before.office && operator === formerOperator)
    throw new DomainError('unchanged', { resource: 'member' });

  const current = { office, ...(operator !== undefined && { operator }) };
  const record: MemberRecord = {
    ...rest,
    ...current,
    representation: [...before.representation, { ...current, recorded: recorded(call) }],
  };
  await putMember(call, record, before);
  call.tell('member.changed', id);
  return memberView(record);
}
