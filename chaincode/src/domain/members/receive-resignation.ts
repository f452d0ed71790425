import type { Bylaws } from '../bylaws';
import { type Call, recorded } from '../call';
import { DomainError } from '../errors';
import type { MemberFacts, MemberRecord } from '../member';
import { enterFor } from '../register/cooperative';
import { findMember, putMember } from '../register/register';
import { explainedByClocks, legalDate, resignationEnd } from '../time';
import { memberStatus, memberFacts } from './status';

/**
 * Any admitted member records that a resignation has reached the cooperative (Zugang, §130 BGB): where it comes late, its
 * period runs from here. Else a member could date a resignation before the period, hold it back, and leave at the year's
 * end after all the others had counted on it. Every gateway does it as soon as it sees one.
 *
 * @throws {DomainError} `not-found`, `unchanged`, `wrong-status` and what entering refuses
 */
export async function receiveResignation(call: Call, { id }: { id: string }): Promise<MemberFacts> {
  const { found, bylaws } = await enterFor(call, 'receive', 'member', () => findMember(call, id));
  const { resignation } = found;
  const status = memberStatus(found);
  if (resignation?.received) throw new DomainError('unchanged', { resource: 'resignation-receipt' });
  if (!resignation || status !== 'ending')
    throw new DomainError('wrong-status', { resource: 'member', status, allowed: ['ending'] });

  const effectiveAt = effectiveOnReceipt(call.at, resignation, bylaws);
  const record = { ...found, resignation: { ...resignation, effectiveAt, received: recorded(call) } };
  await putMember(call, record, found);
  call.tell('member.resignation-received', id, { effectiveAt });
  return memberFacts(record);
}

/** The end of the membership by a resignation that was received at the instant; never an earlier one. */
export function effectiveOnReceipt(
  receivedAt: string,
  { recorded, effectiveAt }: NonNullable<MemberRecord['resignation']>,
  { skew, timeZone, resignationPeriod, financialYearEnd }: Bylaws,
): string {
  if (explainedByClocks(recorded.at, receivedAt, skew, resignationPeriod)) return effectiveAt;
  const end = resignationEnd(legalDate(receivedAt, timeZone), resignationPeriod, financialYearEnd);
  return end > effectiveAt ? end : effectiveAt;
}
