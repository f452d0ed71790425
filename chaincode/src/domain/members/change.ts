import type { Call } from '../call';
import { sameContent } from '../canonical';
import { DomainError } from '../errors';
import type { Member, MemberChange } from '../member';
import { enterFor } from '../register/cooperative';
import { findMember } from '../register/register';
import { changedTo, putRepresentation, representationOf, representedNow } from './representation';
import { memberView } from './status';

/**
 * The member's own board changes who represents it and who operates for it: two facts that its history keeps. Writes
 * nothing that an act of another reads, however often it is repeated.
 *
 * @throws {DomainError} `not-found`, `unchanged` and what entering refuses
 */
export async function changeMember(
  call: Call,
  { id, change }: { id: string; change: MemberChange },
): Promise<Member> {
  const { found } = await enterFor(
    call,
    'change',
    'member',
    () => findMember(call, id),
    () => ({ memberId: id }),
  );
  const before = await representationOf(call, id);
  const current = representedNow(before);
  const changed = changedTo(current, change);
  if (sameContent(current, changed)) throw new DomainError('unchanged', { resource: 'member' });

  const representation = await putRepresentation(call, id, changed, before);
  call.tell('member.changed', id);
  return memberView(found, representation);
}
