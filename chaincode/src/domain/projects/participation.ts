/** Participations: a member's part in a project, agreed by the project's lead and by the member. */
import { accept, decline, end, propose } from '../agreements/acts';
import { getAgreement } from '../agreements/enter';
import { pageOfAgreements } from '../agreements/list';
import { type Agreement, type AgreementKind, type AgreementReference, refuseOwn } from '../agreements/kind';
import { agreementView } from '../agreements/records';
import type { Bylaws } from '../bylaws';
import { type Call, recorded } from '../call';
import { findHeld, handOver } from '../held/held';
import type { Holding } from '../held/holding';
import type { Document, Page } from '../primitives';
import { enter } from '../register/cooperative';
import { legalDate } from '../time';
import type { Participation, ParticipationFilter, ProjectRole } from './project';
import { PROJECTS } from './projects';

const LEAD: ProjectRole = 'lead';

export const PARTICIPATIONS: AgreementKind = {
  name: 'participation',
  resource: 'project',
  requireOpen: (_call, reference, holding) => refuseOwnLead(reference, holding),
  // A lead isn't left but passed on.
  requireEndable: refuseOwnLead,
  whenAgreed: (call, bylaws, agreement) =>
    agreement.reference.role === LEAD ? passOn(call, bylaws, agreement) : Promise.resolve(agreement),
  // Whoever leads it next ends the lead before.
  endedBy: ({ role }, { holders }, since, zone) => {
    if (role !== LEAD) return undefined;
    const tenure = holders.findIndex(
      (holder) => holder.recorded.transactionId === since.recorded.transactionId,
    );
    const successor = holders[tenure + 1];
    return tenure >= 0 && successor ? legalDate(successor.recorded.at, zone) : undefined;
  },
};

function refuseOwnLead(reference: AgreementReference, holding: Holding): void {
  if (reference.role === LEAD) refuseOwn(PARTICIPATIONS, reference, holding);
}

/** Agreeing on the lead hands the project over. */
async function passOn(call: Call, bylaws: Bylaws, agreement: Agreement): Promise<Agreement> {
  const { resourceId, memberId } = agreement.reference;
  const project = await findHeld(call, PROJECTS, resourceId);
  if (!project) throw new Error('an agreement on no project');
  const { holding } = await handOver(call, bylaws, PROJECTS, project, { memberId, recorded: recorded(call) });
  call.tell('project.lead', resourceId, { memberId });
  return { ...agreement, holding };
}

/** Names a participation. */
export interface ParticipationReference {
  readonly project: string;
  readonly member: string;
  readonly role: ProjectRole;
}
type Answer = ParticipationReference & { readonly document?: Document | undefined };

const referenceOf = ({ project, member, role }: ParticipationReference) => ({
  resourceId: project,
  memberId: member,
  role,
});

function participationView(agreement: Agreement): Participation {
  const { resourceId, memberId, role } = agreement.reference;
  return {
    ...agreementView(agreement),
    id: [resourceId, memberId, role].join('.'),
    projectId: resourceId,
    role: role as ProjectRole,
  };
}

/** The project's lead invites, or the member asks to take part. @throws {DomainError} as proposing an agreement, `own-resource` */
export async function proposeParticipation(
  call: Call,
  { document, ...named }: Answer,
): Promise<Participation> {
  return participationView(await propose(call, PARTICIPATIONS, referenceOf(named), document));
}

export async function acceptParticipation(
  call: Call,
  { document, ...named }: Answer,
): Promise<Participation> {
  return participationView(await accept(call, PARTICIPATIONS, referenceOf(named), document));
}

export async function declineParticipation(
  call: Call,
  named: ParticipationReference,
): Promise<Participation> {
  return participationView(await decline(call, PARTICIPATIONS, referenceOf(named)));
}

/** A lead isn't left but passed on. @throws {DomainError} as ending an agreement, `own-resource` */
export async function endParticipation(
  call: Call,
  { on, document, ...named }: Answer & { readonly on: string },
): Promise<Participation> {
  return participationView(await end(call, PARTICIPATIONS, referenceOf(named), on, document));
}

/** @throws {DomainError} `not-found` and what entering refuses */
export async function readParticipation(call: Call, named: ParticipationReference): Promise<Participation> {
  return participationView(await getAgreement(call, PARTICIPATIONS, referenceOf(named)));
}

/**
 * By project or by member, each with that side's own state; by both; or all of them.
 */
export async function listParticipations(
  call: Call,
  filter: ParticipationFilter,
): Promise<Page<Participation>> {
  const { bylaws } = await enter(call, 'read');
  return pageOfAgreements(
    call,
    PARTICIPATIONS,
    bylaws.timeZone,
    {
      ...filter,
      resourceId: filter.project,
      memberId: filter.member,
    },
    participationView,
  );
}
