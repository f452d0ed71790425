/** Participations: a member's part in a project, agreed by the project's lead and by the member. */
import { accept, decline, end, propose } from '../agreements/acts';
import { pageOfAgreements } from '../agreements/list';
import { type Agreement, type AgreementKind, agreementView, readAgreement } from '../agreements/records';
import type { Bylaws } from '../bylaws';
import { type Call, recorded } from '../call';
import { DomainError } from '../errors';
import { enterForHeld, findHeld, handOver } from '../held/held';
import { holderOf } from '../held/holding';
import { holding as holdingKey } from '../keys';
import type { Document, Page } from '../primitives';
import { enter } from '../register/cooperative';
import { legalDate } from '../time';
import type { Participation, ParticipationFilter, ProjectRole } from './project';
import { PROJECTS } from './projects';

const LEAD: ProjectRole = 'lead';

export const PARTICIPATIONS: AgreementKind = {
  name: 'participation',
  resource: 'project',
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

/** Agreeing on the lead hands the project over. */
const passOn =
  (call: Call, role: ProjectRole) =>
  async (bylaws: Bylaws, agreement: Agreement): Promise<Agreement> => {
    if (role !== LEAD) return agreement;
    const { resourceId, memberId } = agreement.reference;
    const project = await findHeld(call, PROJECTS, resourceId);
    if (!project) throw new Error('an agreement on no project');
    const { holding } = await handOver(call, bylaws, PROJECTS, project, {
      memberId,
      recorded: recorded(call),
    });
    call.tell('project.lead', resourceId, { memberId });
    return { ...agreement, holding };
  };

async function refuseOwnLead(call: Call, { project, member, role }: ParticipationReference): Promise<void> {
  if (role !== LEAD) return;
  const holding = await call.ledger.get(holdingKey('project', project));
  if (holding && holderOf(holding).memberId === member)
    throw new DomainError('own-resource', { resource: 'project' });
}

/** The project's lead invites, or the member asks to take part. @throws {DomainError} as proposing an agreement, `own-resource` */
export async function proposeParticipation(
  call: Call,
  { document, ...named }: Answer,
): Promise<Participation> {
  await refuseOwnLead(call, named);
  return participationView(
    await propose(call, PARTICIPATIONS, referenceOf(named), document, passOn(call, named.role)),
  );
}

export async function acceptParticipation(
  call: Call,
  { document, ...named }: Answer,
): Promise<Participation> {
  return participationView(
    await accept(call, PARTICIPATIONS, referenceOf(named), document, passOn(call, named.role)),
  );
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
  await refuseOwnLead(call, named);
  return participationView(await end(call, PARTICIPATIONS, referenceOf(named), on, document));
}

/** @throws {DomainError} `not-found` and what entering refuses */
export async function readParticipation(call: Call, named: ParticipationReference): Promise<Participation> {
  const { found, bylaws } = await enterForHeld(call, 'read', PROJECTS, named.project);
  const agreement = await readAgreement(
    call,
    PARTICIPATIONS,
    referenceOf(named),
    found.holding,
    bylaws.timeZone,
  );
  if (!agreement.state.status) throw new DomainError('not-found', { resource: 'participation' });
  return participationView(agreement);
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
