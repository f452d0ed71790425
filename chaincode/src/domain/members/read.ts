import type { Call, Caller } from '../call';
import { type HistoryStep, historyOf, mergeHistories } from '../history';
import { bylawsInForce, member, memberRepresentation } from '../keys';
import type { Level, Member, MemberRecord, MemberStatus, Representation } from '../member';
import { type PageRequest, pageOfAll, pageOfEntries, pageOfMatches } from '../paging';
import type { Page } from '../primitives';
import { enter, enterFor } from '../register/cooperative';
import { findMember, findMemberByMsp, getMember, membersBy } from '../register/register';
import { representationOf, representedNow } from './representation';
import { memberStatusAt, memberView } from './status';

export async function readMember(call: Call, { id }: { id: string }): Promise<Member> {
  const { found } = await enterFor(call, 'read', 'member', () => findMember(call, id));
  return viewOf(call, found);
}

const viewOf = async (call: Call, record: MemberRecord): Promise<Member> =>
  memberView(record, await representationOf(call, record.id));

interface MemberQuery extends PageRequest {
  readonly status?: MemberStatus | undefined;
  readonly level?: Level | undefined;
  readonly at?: string | undefined;
}

/** On a day in the past, "member" means admitted or ending then. */
const MEMBERS: readonly (MemberStatus | undefined)[] = ['admitted', 'ending'];

/**
 * The register in the order of ids. With `at` it answers who was a member on that day, or with `status` who had it, by
 * the legally effective dates; that reads the whole register, since no index can hold every day.
 */
export async function listMembers(call: Call, query: MemberQuery): Promise<Page<Member>> {
  const { bylaws } = await enter(call, 'read');
  const { status, level, at } = query;
  const recordOf = ({ parts }: { parts: readonly string[] }): Promise<MemberRecord> =>
    getMember(call, parts.at(-1) ?? '');
  if (at === undefined)
    return pageOfEntries(call.ledger, membersBy(status, level), query, async (entry) =>
      viewOf(call, await recordOf(entry)),
    );
  return pageOfMatches(call.ledger, membersBy(undefined, level), query, async (entry) => {
    const record = await recordOf(entry);
    const then = memberStatusAt(record, at, bylaws.timeZone);
    const matches = status === undefined ? MEMBERS.includes(then) : then === status;
    return matches ? viewOf(call, record) : undefined;
  });
}

/**
 * What the member was after each transaction: its record and who represented it, as one.
 *
 * @throws {DomainError} `not-found` and what entering refuses
 */
export async function memberHistory(
  call: Call,
  { id, ...request }: { id: string } & PageRequest,
): Promise<Page<HistoryStep>> {
  await enterFor(call, 'read', 'member', () => findMember(call, id));
  const records = await historyOf(call, 'member', member(id));
  const representations = await historyOf(call, 'member', memberRepresentation(id));
  return pageOfAll(wholeHistory(records, representations), request);
}

/** Joins a member's two keys; what one transaction wrote to both is one step. */
function wholeHistory(
  records: readonly HistoryStep[],
  representations: readonly HistoryStep[],
): HistoryStep[] {
  const begun = new Set(records.map(({ transactionId }) => transactionId));
  const written = new Map(representations.map((step) => [step.transactionId, step.value as Representation]));
  const changes = representations.filter(({ transactionId }) => !begun.has(transactionId));
  let record: HistoryStep['value'] = {};
  let representation: Representation = [];
  return mergeHistories([records, changes]).map((step) => {
    if (begun.has(step.transactionId)) record = step.value;
    representation = written.get(step.transactionId) ?? representation;
    return {
      ...step,
      value: { ...(record as MemberRecord), ...representedNow(representation), representation },
    };
  });
}

/** Who is calling, as the contract sees it: for anybody. */
export async function whoAmI(call: Call): Promise<Caller & { memberId?: string; founded: boolean }> {
  const founded = (await call.ledger.get(bylawsInForce)) !== undefined;
  const record = await findMemberByMsp(call, call.caller.mspId);
  return { ...call.caller, ...(record && { memberId: record.id }), founded };
}
