/** What the two sides of an agreement do: begin or answer, decline, end. */
import type { Call } from '../call';
import { DomainError } from '../errors';
import type { FactType } from '../facts';
import { membership } from '../members/status';
import type { Document } from '../primitives';
import { findMember } from '../register/register';
import { checkDate } from '../register/dates';
import { legalDate } from '../time';
import { type AgreementStatus, MOST_ROUNDS_BEGUN, type SideName } from './agreement';
import { type Entered, enterAgreement } from './enter';
import { roundsBegun } from './state';
import type { Agreement, AgreementKind, AgreementReference } from './kind';
import { declare } from './records';

const statusError = (
  { name }: AgreementKind,
  status: AgreementStatus | undefined,
  ...allowed: AgreementStatus[]
) =>
  status === undefined
    ? new DomainError('not-found', { resource: name })
    : new DomainError('wrong-status', { resource: name, status, allowed });
const unchanged = ({ name }: AgreementKind): DomainError => new DomainError('unchanged', { resource: name });

/** What was declared on either side is told with the status that it led to. */
function tell(call: Call, { name }: AgreementKind, side: SideName, what: Told, after: Agreement): void {
  const { resourceId, memberId, role } = after.reference;
  const type: FactType = `${name}.${what}`;
  call.tell(type, resourceId, { memberId, role, by: side, status: after.state.status });
}
type Told = 'proposed' | 'agreed' | 'declined' | 'ended';

/** Beyond what is over nobody agrees any more. */
async function requireOpen(
  call: Call,
  kind: AgreementKind,
  { reference, holding }: Agreement,
): Promise<void> {
  const { resource } = kind;
  const status = holding.woundUp ? 'ended' : holding.rejected ? 'rejected' : undefined;
  if (status) throw new DomainError('wrong-status', { resource, status, allowed: [] });
  await kind.requireOpen?.(call, reference, holding);
}

/**
 * One side proposes that the member take part; where the other side has done so already, both have agreed. After it was
 * declined or has ended, either side may propose it anew, up to {@link MOST_ROUNDS_BEGUN} times.
 *
 * @throws {DomainError} `not-found`, `unchanged`, `reference-unknown`, `wrong-status`, `too-many-rounds` and what entering
 *   refuses
 */
export async function propose(
  call: Call,
  kind: AgreementKind,
  reference: AgreementReference,
  document?: Document,
): Promise<Agreement> {
  const { cooperative, side, agreement } = await enterAgreement(call, kind, reference);
  const { status, round } = agreement.state;
  if (status === 'agreed' || status === (side === 'member' ? 'requested' : 'invited')) throw unchanged(kind);
  await requireOpen(call, kind, agreement);
  const member = await findMember(call, reference.memberId);
  if (membership(member, cooperative.today) !== 'member')
    throw new DomainError('reference-unknown', { field: 'memberId', resource: 'member' });
  const joins = status === 'invited' || status === 'requested';
  if (!joins && roundsBegun(agreement.declarations, side) >= MOST_ROUNDS_BEGUN)
    throw new DomainError('too-many-rounds', { resource: kind.name, limit: MOST_ROUNDS_BEGUN });
  return agree(call, kind, { cooperative, side, agreement }, joins ? round : round + 1, document);
}

/**
 * One side accepts what the other has proposed.
 *
 * @throws {DomainError} `not-found`, `unchanged`, `wrong-status` and what entering refuses
 */
export async function accept(
  call: Call,
  kind: AgreementKind,
  reference: AgreementReference,
  document?: Document,
): Promise<Agreement> {
  const entered = await enterAgreement(call, kind, reference);
  const { side, agreement } = entered;
  const { status, round } = agreement.state;
  if (status === 'agreed') throw unchanged(kind);
  await requireOpen(call, kind, agreement);
  const acceptable = side === 'member' ? 'invited' : 'requested';
  if (status !== acceptable) throw statusError(kind, status, acceptable);
  return agree(call, kind, entered, round, document);
}

async function agree(
  call: Call,
  kind: AgreementKind,
  { cooperative: { bylaws }, side, agreement }: Entered,
  round: number,
  document: Document | undefined,
): Promise<Agreement> {
  const declaration = { kind: 'agree', round, ...(document && { document }) } as const;
  const after = await declare(call, bylaws, kind, agreement, side, declaration);
  const agreed = after.state.status === 'agreed';
  tell(call, kind, side, agreed ? 'agreed' : 'proposed', after);
  return agreed && kind.whenAgreed ? kind.whenAgreed(call, bylaws, after) : after;
}

/**
 * Either side declines what isn't agreed yet: the one that proposed takes it back, the other refuses.
 *
 * @throws {DomainError} `not-found`, `unchanged`, `wrong-status` and what entering refuses
 */
export async function decline(
  call: Call,
  kind: AgreementKind,
  reference: AgreementReference,
): Promise<Agreement> {
  const { cooperative, side, agreement } = await enterAgreement(call, kind, reference);
  const { status, round } = agreement.state;
  if (
    status === 'declined' &&
    agreement.declarations[side].some((each) => each.round === round && each.kind === 'decline')
  )
    throw unchanged(kind);
  if (status !== 'invited' && status !== 'requested') throw statusError(kind, status, 'invited', 'requested');
  const after = await declare(call, cooperative.bylaws, kind, agreement, side, { kind: 'decline', round });
  tell(call, kind, side, 'declined', after);
  return after;
}

/**
 * Either side ends what was agreed, with its last day: not before it was agreed, nor after today.
 *
 * @throws {DomainError} `not-found`, `unchanged`, `wrong-status`, `date-out-of-range` and what entering refuses
 */
export async function end(
  call: Call,
  kind: AgreementKind,
  reference: AgreementReference,
  on: string,
  document?: Document,
): Promise<Agreement> {
  const { cooperative, side, agreement } = await enterAgreement(call, kind, reference);
  const { bylaws, today } = cooperative;
  const { status, round, since, endsOn } = agreement.state;
  if (status === 'ended' && endsOn === on) throw unchanged(kind);
  kind.requireEndable?.(agreement.reference, agreement.holding);
  if (status !== 'agreed' || !since) throw statusError(kind, status, 'agreed');
  checkDate(on, legalDate(since.recorded.at, bylaws.timeZone), today);
  const declaration = { kind: 'end', round, on, ...(document && { document }) } as const;
  const after = await declare(call, bylaws, kind, agreement, side, declaration);
  tell(call, kind, side, 'ended', after);
  return after;
}
