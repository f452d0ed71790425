/** Every key on the ledger, by the type of what it holds. */
import type { AnnouncementRecord, Correction, Release } from './announcement';
import type { BylawsRecord } from './bylaws';
import type { AgreementName, AgreementSide, SideName } from './agreements/agreement';
import type { FoundationInput } from './foundation';
import type { HeldResource, Holding } from './held/holding';
import type { Key, Prefix } from './ledger';
import type { MemberRecord, Representation } from './member';
import type { Recorded } from './primitives';
import type {
  CastBallot,
  DispatchRecord,
  EffectResult,
  FindingRecord,
  OpeningReceipt,
  ProposalReceipt,
  RegistrationRecord,
  ResolutionRecord,
} from './resolution';
import type { DocumentRecord, Supersession } from './shared-document';

import type { ServiceClosing } from './services/service';

export interface FoundationSubmission extends FoundationInput {
  readonly id: string;
  readonly submitted: Recorded;
}
export interface FoundationConfirmation {
  readonly foundation: string;
  readonly recorded: Recorded;
}
export interface HeldFoundation {
  readonly id: string;
  readonly recorded: Recorded;
}
/** A ballot is created empty when voting opens, with its policy. */
export type BallotSlot = CastBallot | Record<string, never>;

const key = <T>(type: string, ...parts: string[]): Key<T> => ({ type, parts });

export const foundationSubmission = (sha256: string) =>
  key<FoundationSubmission>('foundation-submission', sha256);
export const foundationSubmissions: Prefix<FoundationSubmission> = {
  type: 'foundation-submission',
  parts: [],
};
/** One for each organization: confirming another foundation moves it, so that two rivals can't block each other. */
export const foundationConfirmation = (mspId: string) =>
  key<FoundationConfirmation>('foundation-confirmation', mspId);
export const heldFoundation = key<HeldFoundation>('foundation');

export const bylawsVersion = (id: string) => key<BylawsRecord>('bylaws', id);
export const bylawsInForce = key<{ readonly version: string }>('bylaws-in-force');

export const member = (id: string) => key<MemberRecord>('member', id);
/** A key of its own, which no rule reads: the member's board may rewrite it without limit. */
export const memberRepresentation = (id: string) => key<Representation>('member-representation', id);
export const memberMsp = (mspId: string) => key<{ readonly memberId: string }>('member-msp', mspId);

export const resolution = (id: string) => key<ResolutionRecord>('resolution', id);
export const ballot = (resolutionId: string, memberId: string) =>
  key<BallotSlot>('ballot', resolutionId, memberId);
/** Keys of their own: votes and decisions read the resolution's, and would conflict with a receipt written there. */
export const proposalReceipt = (resolutionId: string) =>
  key<ProposalReceipt>('proposal-receipt', resolutionId);
export const openingReceipt = (resolutionId: string) => key<OpeningReceipt>('opening-receipt', resolutionId);
export const finding = (resolutionId: string) => key<FindingRecord>('finding', resolutionId);
export const registration = (resolutionId: string) => key<RegistrationRecord>('registration', resolutionId);
export const dispatch = (resolutionId: string) => key<DispatchRecord>('dispatch', resolutionId);
export const effect = (resolutionId: string, index: number) =>
  key<EffectResult>('effect', resolutionId, String(index));
/** Held while a resolution on the target is open. */
export const claim = (kind: string, target: string) =>
  key<{ readonly resolutionId: string }>('claim', kind, target);

/** Whose a project, site, node or service is, and what was decided over it. */
export const holding = (resource: HeldResource, id: string) => key<Holding>('holding', resource, id);
/** What its holder declares: the holder's own key, another one for each in the line of holders. */
export const held = <T>(resource: HeldResource, id: string, tenure: number) =>
  key<T>('held', resource, id, String(tenure));

/** That two sides have to do with each other: written once. */
export const agreement = (name: AgreementName, resourceId: string, memberId: string, role: string) =>
  key<{ readonly begun: Recorded }>('agreement', name, resourceId, memberId, role);
/** All of them in a resource. */
export const agreementsIn = (
  name: AgreementName,
  ...resourceId: string[]
): Prefix<{ readonly begun: Recorded }> => ({ type: 'agreement', parts: [name, ...resourceId] });
/** What one side declares: its own key, on the resource's side another one for each holder. */
export const agreementSide = (
  name: AgreementName,
  resourceId: string,
  memberId: string,
  role: string,
  side: SideName,
  tenure: number,
) => key<AgreementSide>('agreement-side', name, resourceId, memberId, role, side, String(tenure));
export const sharedDocument = (id: string) => key<DocumentRecord>('document', id);
export const documentSupersession = (id: string) => key<Supersession>('document-supersession', id);

export const announcement = (id: string) => key<AnnouncementRecord>('announcement', id);
export const announcementWithdrawal = (id: string) => key<Recorded>('announcement-withdrawal', id);
export const announcementRelease = (id: string) => key<Release>('announcement-release', id);
export const announcementCorrection = (id: string) => key<Correction>('announcement-correction', id);

/** That a service closes, and when: for agreements on its use, which its other declarations mustn't conflict with. */
export const serviceClosing = (id: string) => key<ServiceClosing>('service-closing', id);

/** Stands in an index for "any value of this filter". */
const ANY = 'any';
/** Fabric deletes a key that is written empty, so an index entry holds the least JSON there is. */
export const PRESENT = 0;
type Present = typeof PRESENT;

/** Entries of a resource with these values of its filters; an absent value means any. */
export const indexPrefix = (resource: string, facets: readonly (string | undefined)[]): Prefix<Present> => ({
  type: 'index',
  parts: [resource, ...facets.map((facet) => facet ?? ANY)],
});
export const indexKey = (
  resource: string,
  facets: readonly (string | undefined)[],
  ...sort: string[]
): Key<Present> => key('index', ...indexPrefix(resource, facets).parts, ...sort);
