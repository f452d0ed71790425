/** Acts that wait for a period to pass: forged from another act, as the chaincode would carry them out then. */
import { keys, rules, type Decision, type Opening, type ResolutionRecord } from 'umlauf-chaincode/api';
import type { Change } from './attack.js';
import type { Draft } from './forge.js';
import type { TestRun } from './run.js';
import { CHAIR } from './scenario.js';

/** Decides a vote in which nobody voted, so many days after it was opened. */
export function decideSilent(before: ResolutionRecord & { opening: Opening }, days: number): Change {
  return (draft, run) => {
    const recorded = become(draft, run, 'resolutions:decide', before, before.opening.recorded.at, days);
    const decision: Decision = {
      recorded,
      outcome: 'rejected',
      reason: 'no-vote-cast',
      tally: rules.tally(rules.votingRule(before), before.opening.roll, new Map()),
      ballots: [],
    };
    const { outcome, reason } = decision;
    draft.facts = [
      { type: 'resolution.decided', id: before.id, data: { outcome, reason, yes: 0, no: 0, abstain: 0 } },
    ];
    rewrite(draft, before, { ...before, decision });
  };
}

/** Opens voting so many days after it was proposed, with what another opening pinned. */
export function openAfter(before: ResolutionRecord, opening: Opening, days: number): Change {
  return (draft, run) => {
    const recorded = become(draft, run, 'resolutions:open', before, before.proposal.recorded.at, days);
    rewrite(draft, before, { ...before, opening: { ...opening, recorded } });
  };
}

function become(
  draft: Draft,
  run: TestRun,
  name: string,
  { id }: ResolutionRecord,
  since: string,
  days: number,
) {
  draft.at = new Date(Date.parse(since) + days * 86_400_000);
  draft.creator = run.signer(CHAIR, 'board');
  draft.called.name = name;
  draft.called.input = { id };
  const { mspId } = run.organization(CHAIR).member;
  return { at: draft.at.toISOString(), mspId, role: 'board' as const, transactionId: draft.id };
}

function rewrite(draft: Draft, before: ResolutionRecord, after: ResolutionRecord): void {
  for (const type of ['resolution', 'index']) draft.dropAll(type);
  draft.put(keys.resolution(after.id), after);
  const entries = (record: ResolutionRecord) =>
    rules
      .resolutionFacets(record)
      .map((facets) => keys.indexKey('resolution', facets, record.proposal.recorded.at, record.id));
  const names = (record: ResolutionRecord) => new Set(entries(record).map(rules.compositeKey));
  const [former, present] = [names(before), names(after)];
  for (const key of entries(before)) if (!present.has(rules.compositeKey(key))) draft.delete(key);
  for (const key of entries(after)) if (!former.has(rules.compositeKey(key))) draft.put(key, 0);
}
