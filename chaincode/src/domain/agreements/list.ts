/** Lists of agreements: by what they are about or by who takes part, each with that side's own state. */
import type { Call } from '../call';
import { holding as holdingKey, agreementsIn } from '../keys';
import { type PageRequest, pageOfEntries } from '../paging';
import type { Page } from '../primitives';
import type { SideState } from './agreement';
import type { Agreement, AgreementKind, AgreementReference } from './kind';
import { agreementsOf, readAgreement } from './records';

/** What a list is filtered by; a state goes with its side alone. */
export interface AgreementQuery extends PageRequest {
  readonly resourceId?: string | undefined;
  readonly memberId?: string | undefined;
  readonly holderState?: SideState | undefined;
  readonly memberState?: SideState | undefined;
}

/** Whether each state goes with its side, and that side alone. */
export const isAnswerable = ({
  resourceId,
  memberId,
  holderState,
  memberState,
}: Omit<AgreementQuery, 'limit'>) =>
  (memberState === undefined || (memberId !== undefined && resourceId === undefined)) &&
  (holderState === undefined || (resourceId !== undefined && memberId === undefined));

export async function pageOfAgreements<T>(
  call: Call,
  kind: AgreementKind,
  zone: string,
  query: AgreementQuery,
  view: (agreement: Agreement) => T,
): Promise<Page<T>> {
  const { resourceId, memberId, holderState, memberState } = query;
  const read = (reference: AgreementReference) => viewOf(call, kind, zone, reference, view);
  if (memberId !== undefined && resourceId === undefined)
    return pageOfEntries(
      call.ledger,
      agreementsOf(kind, 'member', memberId, memberState),
      query,
      ({ parts: [, , , ...named] }) => read(reference(named[0], memberId, named[1])),
    );
  if (resourceId !== undefined && holderState !== undefined)
    return pageOfEntries(
      call.ledger,
      agreementsOf(kind, 'holder', resourceId, holderState),
      query,
      ({ parts: [, , , ...named] }) => read(reference(resourceId, named[0], named[1])),
    );
  const about = [resourceId, memberId].filter((part) => part !== undefined);
  return pageOfEntries(call.ledger, agreementsIn(kind.name, ...about), query, ({ parts: [, ...named] }) =>
    read(reference(...named)),
  );
}

function reference(resourceId = '', memberId = '', role = ''): AgreementReference {
  return { resourceId, memberId, role };
}

async function viewOf<T>(
  call: Call,
  kind: AgreementKind,
  zone: string,
  reference: AgreementReference,
  view: (agreement: Agreement) => T,
): Promise<T> {
  const holding = await call.ledger.get(holdingKey(kind.resource, reference.resourceId));
  if (!holding) throw new Error(`an agreement on no ${kind.resource}`);
  return view(await readAgreement(call, kind, reference, holding, zone));
}
