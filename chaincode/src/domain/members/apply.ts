import { type Call, recorded } from '../call';
import { contentSha256 } from '../canonical';
import { DomainError } from '../errors';
import type { Member, MemberApplication, MemberRecord } from '../member';
import { callersMember, enter } from '../register/cooperative';
import { findMember, findMemberByMsp, putMember } from '../register/register';
import { putRepresentation, representationOf } from './representation';
import { holdsIdentity, memberView } from './status';

/**
 * The board of an admitted member files the application of someone who has no organization on the network yet: an
 * unconditional declaration of accession (§15 GenG). After a rejection or withdrawal the same may apply again, as a new
 * application on the same record.
 *
 * @throws {DomainError} `unchanged`, `id-conflict`, `msp-id-taken` and what entering refuses
 */
export async function apply(call: Call, application: MemberApplication): Promise<Member> {
  const filedBy = callersMember(await enter(call, 'apply'));
  const sha256 = contentSha256(application);
  const former = await findMember(call, application.id);
  if (former && holdsIdentity(former))
    throw new DomainError(former.application?.contentSha256 === sha256 ? 'unchanged' : 'id-conflict', {
      resource: 'member',
    });
  const holder = await findMemberByMsp(call, application.mspId);
  if (holder && holder.id !== application.id && holdsIdentity(holder)) throw new DomainError('msp-id-taken');

  const { declaration, office, operator, ...identity } = application;
  const earlier = former?.application && {
    application: former.application,
    ...(former.withdrawal && { withdrawal: former.withdrawal }),
    ...(former.rejection && { rejection: former.rejection }),
  };
  const record: MemberRecord = {
    ...identity,
    application: {
      filedBy,
      declaration,
      contentSha256: sha256,
      recorded: recorded(call),
    },
    ...(earlier && { earlierApplications: [...(former.earlierApplications ?? []), earlier] }),
  };
  await putMember(call, record, former);
  const representation = await putRepresentation(
    call,
    record.id,
    { office, operator },
    await representationOf(call, record.id),
  );
  call.tell('member.applied', record.id, { filedBy, mspId: record.mspId });
  return memberView(record, representation);
}
