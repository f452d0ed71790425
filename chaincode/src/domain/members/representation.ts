/**
 * Who represents a member and who operates for it. The member's own board may change it as often as it likes, so it lies
 * under a key of its own: no rule reads it, only views. In the member's record, every change would be a write conflict
 * for whoever opens a vote, or decides on the member, at that moment.
 */
import { type Call, recorded } from '../call';
import type { MemberChange, Represented, Representation } from '../member';
import { memberRepresentation } from '../keys';

/** Of something that says more: who represents, and nothing else. */
export function representedBy({ office, operator }: Represented): Represented {
  return { office, ...(operator !== undefined && { operator }) };
}

/** Who represents it now. */
export function representedNow(representation: Representation): Represented {
  const current = representation.at(-1);
  if (!current) throw new Error('a member without a representative');
  return representedBy(current);
}

/** What a change leaves; the same where it changes nothing. */
export function changedTo(current: Represented, { office, operator }: MemberChange): Represented {
  return representedBy({
    office: office ?? current.office,
    operator: operator === undefined ? current.operator : (operator ?? undefined),
  });
}

/** The office that represented the member at an instant, or the first there was. */
export function officeAt(representation: Representation, at: string): string | undefined {
  return (representation.filter(({ recorded }) => recorded.at <= at).at(-1) ?? representation[0])?.office;
}

/** Who represented the member since when; nothing where it was never filed. */
export async function representationOf(call: Call, id: string): Promise<Representation> {
  return (await call.ledger.get(memberRepresentation(id))) ?? [];
}

/** Writes that the member is represented so from now on. */
export async function putRepresentation(
  call: Call,
  id: string,
  represented: Represented,
  before: Representation,
): Promise<Representation> {
  const after = [...before, { ...representedBy(represented), recorded: recorded(call) }];
  await call.ledger.put(memberRepresentation(id), after);
  return after;
}
