import { type Call, recorded } from '../call';
import { DomainError } from '../errors';
import type { MemberFacts } from '../member';
import { enterFor } from '../register/cooperative';
import { findMember, putMember } from '../register/register';
import { memberStatus, memberFacts, onRegister } from './status';

/**
 * Any admitted member confirms that a member's organization is on the network; the contract sees itself whether it is on
 * the channel and has approved the chaincode.
 *
 * @throws {DomainError} `not-found`, `unchanged`, `wrong-status`, `member-not-on-network` and what entering refuses
 */
export async function confirmJoined(call: Call, { id }: { id: string }): Promise<MemberFacts> {
  const { found: before } = await enterFor(call, 'confirm-joined', 'member', () => findMember(call, id));
  if (!onRegister(before))
    throw new DomainError('wrong-status', {
      resource: 'member',
      status: memberStatus(before),
      allowed: ['admitted', 'ending'],
    });
  if (before.joined) throw new DomainError('unchanged', { resource: 'member' });
  const organizations = await call.network.organizations();
  if (organizations.get(before.mspId) !== true)
    throw new DomainError('member-not-on-network', { mspId: before.mspId });

  const record = { ...before, joined: recorded(call) };
  await putMember(call, record, before);
  call.tell('member.joined', id, { mspId: record.mspId });
  return memberFacts(record);
}
