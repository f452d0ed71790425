/** Index entries follow from the records: a list that leaves something out would hide it from every reader. */
import { keys, rules, type MemberRecord, type ResolutionRecord } from 'umlauf-chaincode/api';
import type { Judge } from './judge.js';

type Facets = readonly (readonly (string | undefined)[])[];

export function judgeIndex(judge: Judge): void {
  const expected = expectedEntries(judge);
  const found = new Map(
    judge.act.changes
      .of<number>('index')
      .map((change) => [rules.compositeKey(change), change.after !== undefined]),
  );
  for (const name of new Set([...expected.keys(), ...found.keys()])) {
    if (expected.get(name) === found.get(name)) continue;
    judge.find('index', `an index entry is not as the records are: ${rules.partsOf(name).join(' ')}`);
  }
}

/** Keys that must be put (true) or deleted (false). */
function expectedEntries(judge: Judge): Map<string, boolean> {
  const { changes } = judge.act;
  const entries = new Map<string, boolean>();
  const move = (resource: string, sort: readonly string[], before: Facets, after: Facets) => {
    const names = (facets: Facets) =>
      new Set(facets.map((each) => rules.compositeKey(keys.indexKey(resource, each, ...sort))));
    const [former, present] = [names(before), names(after)];
    for (const name of former) if (!present.has(name)) entries.set(name, false);
    for (const name of present) if (!former.has(name)) entries.set(name, true);
  };
  for (const { before, after } of changes.of<MemberRecord>('member'))
    if (after)
      move('member', [after.id], before ? rules.memberFacets(before) : [], rules.memberFacets(after));
  for (const { before, after } of changes.of<ResolutionRecord>('resolution'))
    if (after)
      move(
        'resolution',
        [after.proposal.recorded.at, after.id],
        before ? rules.resolutionFacets(before) : [],
        rules.resolutionFacets(after),
      );
  const pending = (what: string, id: string, waits: boolean) =>
    entries.set(rules.compositeKey(keys.indexKey('pending', [what], id)), waits);
  for (const { before, after, parts } of changes.of<{ kind: string; failed?: string }>('effect'))
    if (!before && after?.failed === undefined) {
      if (after?.kind === 'amend-bylaws') pending('registration', parts[0] ?? '', true);
      if (after?.kind === 'exclude') pending('dispatch', parts[0] ?? '', true);
    }
  for (const what of ['registration', 'dispatch'] as const)
    for (const { parts } of changes.of(what)) pending(what, parts[0] ?? '', false);
  return entries;
}
