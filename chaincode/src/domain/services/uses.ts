/** Uses: that a member uses a service of another, agreed by the member and by the one that offers it. */
import { accept, decline, end, propose } from '../agreements/acts';
import { getAgreement } from '../agreements/enter';
import { pageOfAgreements } from '../agreements/list';
import { type Agreement, type AgreementKind, refuseOwn } from '../agreements/kind';
import { agreementView, agreementsOf, readAgreement } from '../agreements/records';
import type { Call } from '../call';
import { DomainError } from '../errors';
import { holding as holdingKey, serviceClosing } from '../keys';
import type { Document, Page } from '../primitives';
import { enter } from '../register/cooperative';
import { legalDate } from '../time';
import type { ServiceStatus, Use, UseFilter } from './service';

/** A member uses a service in one way: who may do what with it is between the two. */
const ROLE = 'user';

export const USES: AgreementKind = {
  name: 'use',
  resource: 'service',
  requireOpen: async (call, reference, holding) => {
    refuseOwn(USES, reference, holding);
    const closing = await call.ledger.get(serviceClosing(reference.resourceId));
    if (closing)
      throw new DomainError('wrong-status', { resource: 'service', status: closing.status, allowed: OPEN });
  },
  endedBy: async ({ resourceId }, { woundUp }, _since, zone, call) => {
    const closing = await call.ledger.get(serviceClosing(resourceId));
    if (closing?.status === 'withdrawn') return closing.on;
    return woundUp && legalDate(woundUp.recorded.at, zone);
  },
};
/** Statuses in which a service can be agreed on. */
const OPEN = ['planned', 'pilot', 'available'] as const satisfies readonly ServiceStatus[];

/** Names a use. */
export interface UseReference {
  readonly service: string;
  readonly member: string;
}
type Answer = UseReference & { readonly document?: Document | undefined };

const referenceOf = ({ service, member }: UseReference) => ({
  resourceId: service,
  memberId: member,
  role: ROLE,
});

function useView(agreement: Agreement): Use {
  const { resourceId, memberId } = agreement.reference;
  return {
    ...agreementView(agreement),
    id: [resourceId, memberId].join('.'),
    serviceId: resourceId,
  };
}

/**
 * The member asks to use the service, or the one that offers it invites it. @throws {DomainError} as proposing an
 * agreement, `own-resource`
 */
export async function proposeUse(call: Call, { document, ...named }: Answer): Promise<Use> {
  return useView(await propose(call, USES, referenceOf(named), document));
}

/** @throws {DomainError} as accepting an agreement */
export async function acceptUse(call: Call, { document, ...named }: Answer): Promise<Use> {
  return useView(await accept(call, USES, referenceOf(named), document));
}

/** @throws {DomainError} as declining an agreement */
export async function declineUse(call: Call, named: UseReference): Promise<Use> {
  return useView(await decline(call, USES, referenceOf(named)));
}

/** @throws {DomainError} as ending an agreement */
export async function endUse(
  call: Call,
  { on, document, ...named }: Answer & { readonly on: string },
): Promise<Use> {
  return useView(await end(call, USES, referenceOf(named), on, document));
}

/** @throws {DomainError} `not-found` and what entering refuses */
export async function readUse(call: Call, named: UseReference): Promise<Use> {
  return useView(await getAgreement(call, USES, referenceOf(named)));
}

/** By service or by member, each with that side's own state; by both; or all of them. */
export async function listUses(call: Call, filter: UseFilter): Promise<Page<Use>> {
  const { bylaws } = await enter(call, 'read');
  const about = { ...filter, resourceId: filter.service, memberId: filter.member };
  return pageOfAgreements(call, USES, bylaws.timeZone, about, useView);
}

/** The members that use a service as the ledger stands, in the order of their ids. */
export async function usersOf(call: Call, id: string, zone: string): Promise<string[]> {
  const holding = await call.ledger.get(holdingKey('service', id));
  if (!holding) throw new Error('the users of no service');
  // Where both have agreed, the one that offers it has.
  const entries = await call.ledger.range(agreementsOf(USES, 'holder', id, 'agreed'));
  const agreements = await Promise.all(
    entries.map(({ parts }) => {
      const member = parts.at(-2) ?? '';
      return readAgreement(call, USES, referenceOf({ service: id, member }), holding, zone);
    }),
  );
  return agreements
    .filter(({ state }) => state.status === 'agreed')
    .map(({ reference }) => reference.memberId)
    .sort();
}
