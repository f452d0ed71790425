/** The completion of an ending, which waits for the end of a year: forged from another act, as the chaincode would. */
import { keys, rules, type MemberRecord } from 'umlauf-chaincode/api';
import type { Change } from './attack.js';
import { NRW } from './scenario.js';

/** @param days after the last day of the membership */
export function completeEnding(before: MemberRecord, days: number): Change {
  const { id } = before;
  return (draft, run) => {
    draft.at = new Date(
      Date.parse(`${before.resignation?.effectiveAt ?? ''}T12:00:00.000Z`) + days * 86_400_000,
    );
    draft.creator = run.signer(NRW, 'board');
    draft.called.name = 'members:completeEnding';
    draft.called.input = { id };
    const completed = {
      at: draft.at.toISOString(),
      mspId: run.organization(NRW).member.mspId,
      role: 'board' as const,
      transactionId: draft.id,
    };
    draft.facts = [{ type: 'member.former', id, data: { mspId: before.mspId } }];
    const after: MemberRecord = { ...before, completed };
    draft.dropAll('member');
    draft.dropAll('member-representation');
    draft.put(keys.member(id), after);
    const entries = (record: MemberRecord) =>
      rules.memberFacets(record).map((facets) => keys.indexKey('member', facets, id));
    const has = (list: ReturnType<typeof entries>, key: ReturnType<typeof entries>[number]) =>
      list.some((each) => rules.compositeKey(each) === rules.compositeKey(key));
    const [former, present] = [entries(before), entries(after)];
    for (const key of former) if (!has(present, key)) draft.delete(key);
    for (const key of present) if (!has(former, key)) draft.put(key, 0);
  };
}
