/** Projects: what is declared of them and what follows from it. */
import { z } from 'zod';
import { AgreementView, SideState } from '../agreements/agreement';
import { isAnswerable } from '../agreements/list';
import { Endorsement } from '../endorsement';
import { Holder, Holding } from '../held/holding';
import {
  Document,
  FocusAreas,
  Id,
  LegalDate,
  Line,
  MemberId,
  Paging,
  Recorded,
  Sha256,
  Text,
} from '../primitives';

export const PROJECT_KINDS = ['development', 'introduction', 'joint-operation', 'coordination'] as const;
export const ProjectKind = z.enum(PROJECT_KINDS).meta({ description: 'What the members do in it together' });
export type ProjectKind = z.infer<typeof ProjectKind>;

/** Phases that its lead declares. */
export const PHASES = ['in-development', 'in-introduction', 'in-operation', 'ended', 'stopped'] as const;
export const Phase = z.enum(PHASES);
export type Phase = z.infer<typeof Phase>;

export const PROJECT_STATUSES = ['proposed', 'approved', ...PHASES] as const;
export const ProjectStatus = z
  .enum(PROJECT_STATUSES)
  .meta({ description: 'Status, derived from the recorded facts' });
export type ProjectStatus = z.infer<typeof ProjectStatus>;

/** A partner that is no member: an office of a body, never a person. */
const Partner = z.strictObject({
  office: Line.meta({ description: 'Office of the partner', example: 'Head office' }),
  body: Line.meta({ description: 'Body that it belongs to', example: 'IT-Planungsrat' }),
});

const content = {
  id: Id,
  title: Line.meta({ example: 'Joint blockchain infrastructure' }),
  purpose: Text,
  focusAreas: FocusAreas,
  kind: ProjectKind,
  documents: z.array(Document).max(20).optional(),
  partners: z
    .array(Partner)
    .min(1)
    .max(20)
    .optional()
    .meta({ description: 'Outside partners of a coordination project' }),
  existing: z
    .strictObject({ phase: z.enum(['in-development', 'in-introduction', 'in-operation']) })
    .optional()
    .meta({
      description:
        'A project that the member brings in, and the phase it is in; without, a resolution has to found it',
    }),
};

/** Outside partners belong to a coordination project alone: a rule across fields, which a schema's variants share. */
export const partnersFit = <T extends z.ZodType<{ kind: ProjectKind; partners?: unknown }>>(schema: T): T =>
  schema.refine(({ kind, partners }) => partners === undefined || kind === 'coordination', {
    path: ['partners'],
    error: 'only a coordination project names outside partners',
  });

export const ProjectContent = z.strictObject(content);
/** Input of `projects:propose`. */
export const ProjectProposal = partnersFit(ProjectContent).meta({ id: 'ProjectProposal' });
export type ProjectProposal = z.infer<typeof ProjectProposal>;

/** Input of `projects:advance`. */
export const PhaseChange = z
  .strictObject({
    phase: Phase,
    on: LegalDate.meta({ description: 'First day of the phase; from the foundation until today' }),
    evidence: Document.meta({ description: 'What shows it, for example an acceptance record' }),
  })
  .meta({ id: 'PhaseChange' });
export type PhaseChange = z.infer<typeof PhaseChange>;

/** What its lead keeps of a project: facts, from which {@link ProjectStatus} is derived. */
export const ProjectRecord = z.object({
  ...content,
  endorsement: Endorsement,
  contentSha256: Sha256,
  proposal: z.object({ memberId: MemberId, recorded: Recorded }),
  phases: z.array(PhaseChange.extend({ recorded: Recorded })),
});
export type ProjectRecord = z.infer<typeof ProjectRecord>;

/** A project as it is answered. */
export const Project = ProjectRecord.omit({ endorsement: true })
  .extend({
    status: ProjectStatus,
    origin: z.enum(['resolution', 'existing']),
    lead: MemberId.meta({ description: 'The member that leads it now' }),
    leads: z.array(Holder).meta({ description: 'Who led it since when' }),
    ...Holding.omit({ holders: true }).shape,
    endorsements: z.array(Endorsement),
  })
  .meta({ id: 'Project' });
export type Project = z.infer<typeof Project>;

export const PROJECT_ROLES = ['lead', 'developer', 'introducer', 'operator', 'user'] as const;
export const ProjectRole = z.enum(PROJECT_ROLES).meta({
  description: "A member's role in a project; agreeing on the lead passes it on",
});
export type ProjectRole = z.infer<typeof ProjectRole>;

/** A participation as it is answered. */
export const Participation = AgreementView.extend({
  id: z
    .string()
    .meta({ description: 'Project, member and role', example: 'joint-ledger.itdz-berlin.operator' }),
  projectId: Id,
  role: ProjectRole,
}).meta({ id: 'Participation' });
export type Participation = z.infer<typeof Participation>;

/** Filters of `GET /projects`. */
export const ProjectFilter = z.strictObject({
  ...Paging.shape,
  member: MemberId.optional().meta({ description: 'Led by this member' }),
  focusArea: Id.optional(),
  status: ProjectStatus.optional(),
  from: LegalDate.optional().meta({ description: 'Proposed on this day or later' }),
  until: LegalDate.optional().meta({ description: 'Proposed on this day or earlier' }),
});
export type ProjectFilter = z.output<typeof ProjectFilter>;

/** Filters of `GET /participations`. */
export const ParticipationFilter = z
  .strictObject({
    ...Paging.shape,
    member: MemberId.optional(),
    project: Id.optional(),
    memberState: SideState.optional().meta({ description: "The member's own state; with `member` alone" }),
    holderState: SideState.optional().meta({ description: "The lead's own state; with `project` alone" }),
  })
  .refine(
    ({ project, member, ...states }) => isAnswerable({ resourceId: project, memberId: member, ...states }),
    'memberState goes with member alone, holderState with project alone',
  );
export type ParticipationFilter = z.output<typeof ParticipationFilter>;
