/** The register of members (Mitgliederliste) on the ledger: the record, its MSP id and its index, written together. */
import type { Call } from '../call';
import { DomainError } from '../errors';
import { reindex } from '../indexing';
import { indexPrefix, member, memberMsp } from '../keys';
import type { Level, MemberRecord, MemberStatus } from '../member';
import { holdsIdentity, memberStatus, onRegister } from '../members/status';

/**
 * The facets of a member's index entries: status and level, each also as "any", so that one range answers any
 * combination of the filters.
 */
export function memberFacets(record: MemberRecord): (string | undefined)[][] {
  return [undefined, memberStatus(record)].flatMap((status) =>
    [undefined, ...record.levels].map((level) => [status, level]),
  );
}

export const membersBy = (status?: MemberStatus, level?: Level) => indexPrefix('member', [status, level]);

export function findMember(call: Call, id: string): Promise<MemberRecord | undefined> {
  return call.ledger.get(member(id));
}

/** @throws {DomainError} `not-found` */
export async function getMember(call: Call, id: string): Promise<MemberRecord> {
  const record = await findMember(call, id);
  if (!record) throw new DomainError('not-found', { resource: 'member' });
  return record;
}

/** The record that an MSP id belongs to now: a rejected applicant's may have passed to another since. */
export async function findMemberByMsp(call: Call, mspId: string): Promise<MemberRecord | undefined> {
  const entry = await call.ledger.get(memberMsp(mspId));
  const record = entry && (await findMember(call, entry.memberId));
  return record?.mspId === mspId ? record : undefined;
}

/** Everybody admitted or ending, by id. A range that is checked again at commit: nobody joins or leaves unseen. */
export async function registeredMembers(call: Call): Promise<MemberRecord[]> {
  const entries = [
    ...(await call.ledger.range(membersBy('admitted'))),
    ...(await call.ledger.range(membersBy('ending'))),
  ];
  const ids = entries.map(({ parts }) => parts.at(-1) ?? '').sort();
  const records = await Promise.all(ids.map((id) => getMember(call, id)));
  return records.filter(onRegister);
}

/** Writes the record and moves its index entries; `before` is what the ledger holds. */
export async function putMember(
  call: Call,
  record: MemberRecord,
  before: MemberRecord | undefined,
): Promise<void> {
  await call.ledger.put(member(record.id), record);
  // While it held nothing, another record may have taken its MSP id.
  if (holdsIdentity(record) && (await call.ledger.get(memberMsp(record.mspId)))?.memberId !== record.id)
    await call.ledger.put(memberMsp(record.mspId), { memberId: record.id });
  await reindex(call.ledger, 'member', [record.id], before && memberFacets(before), memberFacets(record));
}
