/** Entering an agreement: which side the caller is, and how the agreement stands. */
import type { ActName } from '../acts';
import type { Call } from '../call';
import { DomainError } from '../errors';
import { type Holding, holderOf } from '../held/holding';
import { holding as holdingKey } from '../keys';
import { type Cooperative, enterFor } from '../register/cooperative';
import type { SideName } from './agreement';
import type { Agreement, AgreementKind, AgreementReference } from './kind';
import { readAgreement } from './records';

/** Whose act it is on each side. */
const ACT_OF = { member: 'agree-as-member', holder: 'agree-as-holder' } as const satisfies Record<
  SideName,
  ActName
>;

export interface Entered {
  readonly cooperative: Cooperative;
  readonly side: SideName;
  readonly agreement: Agreement;
}

/** The caller's side: where it is both, its representative speaks for the member that takes part. */
function sideOf(
  callerId: string | undefined,
  role: string | undefined,
  memberId: string,
  holderId: string | undefined,
): SideName {
  if (callerId !== memberId) return 'holder';
  return callerId !== holderId || role === 'representative' ? 'member' : 'holder';
}

/**
 * Enters for what a side declares.
 *
 * @throws {DomainError} `not-found` where there is no such resource, and what entering refuses
 */
export async function enterAgreement(
  call: Call,
  kind: AgreementKind,
  reference: AgreementReference,
): Promise<Entered> {
  const { memberId } = reference;
  const side = (holding: Holding | undefined, { callerRecord }: Cooperative): SideName =>
    sideOf(callerRecord?.id, call.caller.role, memberId, holding && holderOf(holding).memberId);
  const { found, ...cooperative } = await enterFor(
    call,
    (holding, entered) => ACT_OF[side(holding, entered)],
    kind.resource,
    () => findHolding(call, kind, reference),
    (holding, entered) => ({
      memberId: side(holding, entered) === 'member' ? memberId : holderOf(holding).memberId,
    }),
  );
  return {
    cooperative,
    side: side(found, cooperative),
    agreement: await readAgreement(call, kind, reference, found, cooperative.bylaws.timeZone),
  };
}

/** One agreement, for whoever may read. @throws {DomainError} `not-found` and what entering refuses */
export async function getAgreement(
  call: Call,
  kind: AgreementKind,
  reference: AgreementReference,
): Promise<Agreement> {
  const { found, bylaws } = await enterFor(call, 'read', kind.resource, () =>
    findHolding(call, kind, reference),
  );
  const agreement = await readAgreement(call, kind, reference, found, bylaws.timeZone);
  if (!agreement.state.status) throw new DomainError('not-found', { resource: kind.name });
  return agreement;
}

const findHolding = (call: Call, { resource }: AgreementKind, { resourceId }: AgreementReference) =>
  call.ledger.get(holdingKey(resource, resourceId));
