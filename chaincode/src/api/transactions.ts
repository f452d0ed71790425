/**
 * Every transaction of the chaincode: its name, whether it is submitted or evaluated, and the schemas of its one JSON
 * parameter and of its JSON result. Contracts validate by it, the gateway derives its routes' schemas from it.
 */
import { z } from 'zod';
import { Answer, End } from '../domain/agreements/agreement';
import { Announcement, AnnouncementDraft, AnnouncementFilter } from '../domain/announcement';
import { BylawsVersion, Matter } from '../domain/bylaws';
import { Foundation, FoundationInput } from '../domain/foundation';
import { Node, NodeChange, NodeDeclaration, NodeFilter } from '../domain/infrastructure/node';
import { OperationEnd } from '../domain/infrastructure/operation';
import { Site, SiteChange, SiteDeclaration, SiteFilter } from '../domain/infrastructure/site';
import {
  Level,
  Member,
  MemberApplication,
  MemberChange,
  MemberFacts,
  MemberStatus,
  Resignation,
} from '../domain/member';
import { OpenPoint, OpenPointFilter } from '../domain/open-points';
import {
  Id,
  Instant,
  LegalDate,
  MemberId,
  MspId,
  Paging,
  Role,
  Sha256,
  TransactionId,
  pageOf,
} from '../domain/primitives';
import {
  Participation,
  ParticipationFilter,
  PhaseChange,
  Project,
  ProjectFilter,
  ProjectProposal,
  ProjectRole,
} from '../domain/projects/project';
import {
  Service,
  ServiceChanges,
  ServiceFilter,
  ServiceOffer,
  ServiceStep,
  Use,
  UseFilter,
  WithdrawalNotice,
  changesSomething,
} from '../domain/services/service';
import {
  Ballot,
  DispatchInput,
  FindingInput,
  Proposal,
  Receipt,
  RegistrationInput,
  Resolution,
  ResolutionStatus,
  Vote,
} from '../domain/resolution';
import { DocumentFilter, DocumentShare, SharedDocument } from '../domain/shared-document';

const ofMember = z.strictObject({ id: MemberId });
const ofParticipation = z.strictObject({ project: Id, member: MemberId, role: ProjectRole });
const ofId = z.strictObject({ id: Id });
const ofUse = z.strictObject({ service: Id, member: MemberId });

/** One former state of a resource. */
const HistoryEntry = z.object({
  transactionId: TransactionId,
  at: Instant,
  part: z.string().meta({
    description: 'Which part changed: the resource itself, its receipts, finding, registration, dispatch, …',
  }),
  value: z.unknown().meta({ description: 'What was recorded then' }),
});
export const HistoryPage = pageOf(HistoryEntry).meta({ id: 'HistoryPage' });

/** Filters of `GET /members`. */
export const MemberFilter = z.strictObject({
  ...Paging.shape,
  status: MemberStatus.optional(),
  level: Level.optional(),
  at: LegalDate.optional().meta({
    description: 'Who were the members on this day; with `status`: who had it',
  }),
});
export const ResolutionFilter = z.strictObject({
  ...Paging.shape,
  status: ResolutionStatus.optional(),
  matter: Matter.optional(),
});
export const BylawsQuery = z.strictObject({
  version: Id.optional(),
  at: LegalDate.optional().meta({ description: 'The version in force on this day, by effective date' }),
});

/** Who is calling, as the contract sees it. */
const Caller = z.object({
  mspId: MspId,
  role: Role.optional(),
  memberId: MemberId.optional(),
  founded: z.boolean(),
});

const submit = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O) =>
  ({ kind: 'submit', input, output }) as const;
const evaluate = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O) =>
  ({ kind: 'evaluate', input, output }) as const;

/** Keys are the names under which Fabric knows the transactions: `<contract>:<transaction>`. */
export const TRANSACTIONS = {
  'foundations:submit': submit(FoundationInput, Foundation),
  'foundations:confirm': submit(z.strictObject({ id: Sha256 }), Foundation),
  'foundations:get': evaluate(z.strictObject({ id: Sha256 }), Foundation),
  'foundations:list': evaluate(Paging, pageOf(Foundation)),

  'bylaws:get': evaluate(BylawsQuery, BylawsVersion),

  'members:apply': submit(MemberApplication, Member),
  'members:withdraw': submit(ofMember, Member),
  'members:change': submit(z.strictObject({ ...ofMember.shape, change: MemberChange }), Member),
  'members:confirmJoined': submit(ofMember, MemberFacts),
  'members:resign': submit(z.strictObject({ ...ofMember.shape, ...Resignation.shape }), MemberFacts),
  'members:receive': submit(ofMember, MemberFacts),
  'members:completeEnding': submit(ofMember, MemberFacts),
  'members:get': evaluate(ofMember, Member),
  'members:list': evaluate(MemberFilter, pageOf(Member)),
  'members:history': evaluate(z.strictObject({ ...ofMember.shape, ...Paging.shape }), HistoryPage),
  'members:openPoints': evaluate(OpenPointFilter, pageOf(OpenPoint)),
  'members:whoAmI': evaluate(z.strictObject({}), Caller),

  'resolutions:propose': submit(Proposal, Resolution),
  'resolutions:receive': submit(ofId, Receipt),
  'resolutions:open': submit(ofId, Resolution),
  'resolutions:withdraw': submit(ofId, Resolution),
  'resolutions:vote': submit(z.strictObject({ ...ofId.shape, ...Vote.shape }), Ballot),
  'resolutions:decide': submit(ofId, Resolution),
  'resolutions:finding': submit(z.strictObject({ ...ofId.shape, ...FindingInput.shape }), Resolution),
  'resolutions:register': submit(z.strictObject({ ...ofId.shape, ...RegistrationInput.shape }), Resolution),
  'resolutions:dispatch': submit(z.strictObject({ ...ofId.shape, ...DispatchInput.shape }), Resolution),
  'resolutions:get': evaluate(ofId, Resolution),
  'resolutions:list': evaluate(ResolutionFilter, pageOf(Resolution)),
  'resolutions:ballot': evaluate(z.strictObject({ ...ofId.shape, memberId: MemberId }), Ballot),
  'resolutions:ballots': evaluate(z.strictObject({ ...ofId.shape, ...Paging.shape }), pageOf(Ballot)),
  'resolutions:history': evaluate(z.strictObject({ ...ofId.shape, ...Paging.shape }), HistoryPage),

  'projects:propose': submit(ProjectProposal, Project),
  'projects:accept': submit(ofId, Project),
  'projects:advance': submit(z.strictObject({ ...ofId.shape, ...PhaseChange.shape }), Project),
  'projects:proposeParticipation': submit(
    z.strictObject({ ...ofParticipation.shape, ...Answer.shape }),
    Participation,
  ),
  'projects:acceptParticipation': submit(
    z.strictObject({ ...ofParticipation.shape, ...Answer.shape }),
    Participation,
  ),
  'projects:declineParticipation': submit(ofParticipation, Participation),
  'projects:endParticipation': submit(
    z.strictObject({ ...ofParticipation.shape, ...End.shape }),
    Participation,
  ),
  'projects:get': evaluate(ofId, Project),
  'projects:list': evaluate(ProjectFilter, pageOf(Project)),
  'projects:history': evaluate(z.strictObject({ ...ofId.shape, ...Paging.shape }), HistoryPage),
  'projects:participation': evaluate(ofParticipation, Participation),
  'projects:participations': evaluate(ParticipationFilter, pageOf(Participation)),

  'documents:share': submit(DocumentShare, SharedDocument),
  'documents:get': evaluate(ofId, SharedDocument),
  'documents:list': evaluate(DocumentFilter, pageOf(SharedDocument)),
  'documents:history': evaluate(z.strictObject({ ...ofId.shape, ...Paging.shape }), HistoryPage),

  'announcements:draft': submit(AnnouncementDraft, Announcement),
  'announcements:withdraw': submit(ofId, Announcement),
  'announcements:release': submit(ofId, Announcement),
  'announcements:get': evaluate(ofId, Announcement),
  'announcements:list': evaluate(AnnouncementFilter, pageOf(Announcement)),
  'announcements:released': evaluate(Paging, pageOf(Announcement)),
  'announcements:history': evaluate(z.strictObject({ ...ofId.shape, ...Paging.shape }), HistoryPage),

  'services:offer': submit(ServiceOffer, Service),
  'services:change': submit(
    changesSomething(z.strictObject({ ...ofId.shape, ...ServiceChanges.shape })),
    Service,
  ),
  'services:advance': submit(z.strictObject({ ...ofId.shape, ...ServiceStep.shape }), Service),
  'services:announceWithdrawal': submit(
    z.strictObject({ ...ofId.shape, ...WithdrawalNotice.shape }),
    Service,
  ),
  'services:withdraw': submit(ofId, Service),
  'services:proposeUse': submit(z.strictObject({ ...ofUse.shape, ...Answer.shape }), Use),
  'services:acceptUse': submit(z.strictObject({ ...ofUse.shape, ...Answer.shape }), Use),
  'services:declineUse': submit(ofUse, Use),
  'services:endUse': submit(z.strictObject({ ...ofUse.shape, ...End.shape }), Use),
  'services:get': evaluate(ofId, Service),
  'services:list': evaluate(ServiceFilter, pageOf(Service)),
  'services:history': evaluate(z.strictObject({ ...ofId.shape, ...Paging.shape }), HistoryPage),
  'services:use': evaluate(ofUse, Use),
  'services:uses': evaluate(UseFilter, pageOf(Use)),

  'sites:declare': submit(SiteDeclaration, Site),
  'sites:change': submit(z.strictObject({ ...ofId.shape, change: SiteChange }), Site),
  'sites:end': submit(z.strictObject({ ...ofId.shape, ...OperationEnd.shape }), Site),
  'sites:get': evaluate(ofId, Site),
  'sites:list': evaluate(SiteFilter, pageOf(Site)),
  'sites:history': evaluate(z.strictObject({ ...ofId.shape, ...Paging.shape }), HistoryPage),

  'nodes:declare': submit(NodeDeclaration, Node),
  'nodes:change': submit(z.strictObject({ ...ofId.shape, change: NodeChange }), Node),
  'nodes:end': submit(z.strictObject({ ...ofId.shape, ...OperationEnd.shape }), Node),
  'nodes:get': evaluate(ofId, Node),
  'nodes:list': evaluate(NodeFilter, pageOf(Node)),
  'nodes:history': evaluate(z.strictObject({ ...ofId.shape, ...Paging.shape }), HistoryPage),
} as const;

export type TransactionName = keyof typeof TRANSACTIONS;
export const isTransaction = (name: string): name is TransactionName => Object.hasOwn(TRANSACTIONS, name);
export type SubmitName = {
  [N in TransactionName]: (typeof TRANSACTIONS)[N]['kind'] extends 'submit' ? N : never;
}[TransactionName];
export type EvaluateName = Exclude<TransactionName, SubmitName>;
/** What a caller passes (defaults may be left out). */
export type InputOf<N extends TransactionName> = z.input<(typeof TRANSACTIONS)[N]['input']>;
/** What the contract works with (defaults filled in). */
export type ParsedInputOf<N extends TransactionName> = z.output<(typeof TRANSACTIONS)[N]['input']>;
export type OutputOf<N extends TransactionName> = z.output<(typeof TRANSACTIONS)[N]['output']>;
