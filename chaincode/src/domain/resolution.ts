/** Resolutions: what is proposed, what is pinned when voting opens, what is decided, and how they are answered. */
import { z } from 'zod';
import { FOUNDING_VERSION, Form, Majority, Matter, QuorumPercent, Rule } from './bylaws';
import { EffectInput } from './effects/input';
import { ORGAN_IDS } from './organs';
import {
  Document,
  Duration,
  Id,
  Instant,
  LegalDate,
  Line,
  MemberId,
  MspId,
  Recorded,
  Sha256,
  Text,
  TransactionId,
} from './primitives';

export const Organ = z.enum(ORGAN_IDS).meta({ description: 'Organ that decides' });

/** What a circular resolution rests on; §43b GenG doesn't list the procedure. */
export const PROCEDURE_BASES = ['bylaws-clause', 'consent-of-all'] as const;
export const ProcedureBasis = z.enum(PROCEDURE_BASES).meta({
  description:
    'Legal basis of the circular procedure: a clause of the bylaws, or the express consent of every member to it',
});
export type ProcedureBasis = z.infer<typeof ProcedureBasis>;

/** Input of `propose`. */
export const Proposal = z
  .strictObject({
    // An amendment's id becomes the version of the bylaws.
    id: Id.refine((id) => id !== FOUNDING_VERSION, 'is reserved for the founding version of the bylaws'),
    title: Line.meta({ example: 'Admission of North Rhine-Westphalia' }),
    motion: Text,
    documents: z.array(Document).max(20).default([]),
    matter: Matter,
    organ: Organ.default('general-assembly'),
    form: Form,
    procedureBasis: ProcedureBasis.optional(),
    votingPeriod: Duration.meta({ description: 'How long voting is open', example: 'P14D' }),
    majority: Majority.optional().meta({ description: 'A stricter majority than the matter requires' }),
    quorumPercent: QuorumPercent.optional().meta({ description: 'A higher quorum than the matter requires' }),
    effects: z.array(EffectInput).min(1).max(10),
    confirms: Id.optional().meta({ description: 'Earlier resolution that this one confirms (§51 GenG)' }),
    supersedes: Id.optional().meta({ description: 'Earlier resolution that this one supersedes' }),
  })
  .meta({ id: 'Proposal' });
export type Proposal = z.infer<typeof Proposal>;

export const CHOICES = ['yes', 'no', 'abstain'] as const;
export const Choice = z.enum(CHOICES);
export type Choice = z.infer<typeof Choice>;

/** Input of `vote`. */
export const Vote = z
  .strictObject({
    choice: Choice,
    consentToProcedure: z.boolean().optional().meta({
      description: 'Consent to the circular procedure; present exactly when it rests on the consent of all',
    }),
    statement: Document.optional().meta({ description: 'Statement on the vote' }),
  })
  .meta({ id: 'Vote' });
export type Vote = z.infer<typeof Vote>;

/** What a ballot's key holds, and what the decision copies whole. */
export const CastBallot = z.object({
  ...Vote.shape,
  memberId: MemberId,
  at: Instant,
  transactionId: TransactionId,
});
export type CastBallot = z.infer<typeof CastBallot>;

/** One member's ballot as it is answered. */
export const Ballot = CastBallot.partial({ choice: true, at: true, transactionId: true })
  .extend({
    id: MemberId,
    status: z.enum(['cast', 'not-cast']),
    office: Line.optional().meta({
      description: 'Office that represented the member at the time of the ballot',
    }),
  })
  .meta({ id: 'Ballot' });
export type Ballot = z.infer<typeof Ballot>;

export const Voter = z.object({ memberId: MemberId, mspId: MspId, votes: z.int().min(1) });
export type Voter = z.infer<typeof Voter>;

/** What opening pins: nothing that happens later changes a running vote. */
export const Opening = z.object({
  recorded: Recorded,
  rule: Rule,
  ballotsChangeable: z.boolean(),
  skew: Duration,
  f: z.int().min(0).meta({
    description:
      'How many other members must endorse a ballot; 0 only where there is no other on the network',
  }),
  endorsers: z
    .array(MspId)
    .meta({ description: 'Organizations of which f others must endorse a ballot, beside its voter' }),
  bylawsVersion: Id,
  deadline: Instant.meta({
    description: "By the opening's date; the resolution's own `deadline` is the one in effect",
  }),
  roll: z.array(Voter).meta({ description: 'Electoral roll (Stimmliste)' }),
});
export type Opening = z.infer<typeof Opening>;

export const Tally = z
  .object({
    yes: z.int(),
    no: z.int(),
    abstain: z.int(),
    notCast: z.int(),
    withoutConsent: z
      .int()
      .optional()
      .meta({ description: 'Ballots without consent to the procedure, where it is needed' }),
  })
  .meta({ id: 'Tally' });
export type Tally = z.infer<typeof Tally>;

export const OUTCOMES = ['adopted', 'rejected', 'lapsed'] as const;
export const OUTCOME_REASONS = ['consent', 'quorum', 'no-vote-cast', 'majority'] as const;
export const Decision = z.object({
  recorded: Recorded,
  outcome: z.enum(OUTCOMES),
  reason: z.enum(OUTCOME_REASONS).meta({ description: 'The test that settled it' }),
  tally: Tally,
  ballots: z.array(CastBallot).meta({ description: 'Copied whole; answered from here afterwards' }),
});
export type Decision = z.infer<typeof Decision>;

/** What became of one effect: a dated fact, kept beside the resolution. */
export const EffectResult = z
  .object({
    index: z.int().min(0),
    kind: z.string(),
    decidedAt: Instant,
    effective: z.enum(['at-once', 'date', 'on-registration', 'financial-year-end']),
    effectiveAt: z.union([Instant, LegalDate]).optional().meta({ description: 'Absent until registration' }),
    executed: Recorded.optional().meta({
      description: 'When and by which transaction the ledger carried it out',
    }),
    failed: z.string().optional().meta({ description: 'Why it could no longer be carried out' }),
  })
  .meta({ id: 'EffectResult' });
export type EffectResult = z.infer<typeof EffectResult>;

/** What the ledger keeps under the resolution's own key; written by propose, open, withdraw and decide only. */
export const ResolutionRecord = z.object({
  ...Proposal.shape,
  documents: z.array(Document),
  organ: Organ,
  contentSha256: Sha256,
  proposal: z.object({ memberId: MemberId, opensFrom: Instant, recorded: Recorded }),
  withdrawal: Recorded.optional(),
  opening: Opening.optional(),
  decision: Decision.optional(),
});
export type ResolutionRecord = z.infer<typeof ResolutionRecord>;

/**
 * Receipt (Zugang, §130 BGB): when a proposal or an opening had reached the members, from which their periods run. Its
 * date is its sender's, who may hold it back; a receipt can only be endorsed once the peers have what it refers to.
 */
export const ProposalReceipt = z
  .object({
    recorded: Recorded,
    opensFrom: Instant.meta({ description: 'When the notice, counted from the receipt, has run' }),
  })
  .meta({ id: 'ProposalReceipt' });
export type ProposalReceipt = z.infer<typeof ProposalReceipt>;
export const OpeningReceipt = z
  .object({
    recorded: Recorded,
    deadline: Instant.meta({
      description: "The deadline in effect: the opening's own, or counted from a receipt that came late",
    }),
  })
  .meta({ id: 'OpeningReceipt' });
export type OpeningReceipt = z.infer<typeof OpeningReceipt>;

export const RECEIPT_PHASES = ['proposal', 'opening'] as const;
/** A receipt as it is answered. */
export const Receipt = z
  .object({
    id: Id.meta({ description: 'The resolution' }),
    status: z.literal('received'),
    phase: z.enum(RECEIPT_PHASES).meta({ description: 'What had reached the members' }),
    recorded: Recorded,
    opensFrom: ProposalReceipt.shape.opensFrom.optional(),
    deadline: OpeningReceipt.shape.deadline.optional(),
  })
  .meta({ id: 'Receipt' });
export type Receipt = z.infer<typeof Receipt>;

/** Inputs of the chair's and the board's acts; each is a key of its own. */
export const FindingInput = z
  .strictObject({ date: LegalDate, minutes: Document })
  .meta({ id: 'Finding', description: "The chair's finding (Feststellung, §47 GenG)" });
export type FindingInput = z.infer<typeof FindingInput>;
export const RegistrationInput = z.strictObject({ date: LegalDate }).meta({
  id: 'Registration',
  description: 'Entry of an amendment in the register of cooperatives (§16(6) GenG)',
});
export type RegistrationInput = z.infer<typeof RegistrationInput>;
export const DispatchInput = z
  .strictObject({ date: LegalDate, proof: Document.optional() })
  .meta({ id: 'Dispatch', description: 'Dispatch of an exclusion to the member (§68(2) GenG)' });
export type DispatchInput = z.infer<typeof DispatchInput>;
const recorded = <T extends z.ZodRawShape>(input: z.ZodObject<T>) =>
  z.object({ ...input.shape, recorded: Recorded });
export const FindingRecord = recorded(FindingInput);
export type FindingRecord = z.infer<typeof FindingRecord>;
export const RegistrationRecord = recorded(RegistrationInput);
export type RegistrationRecord = z.infer<typeof RegistrationRecord>;
export const DispatchRecord = recorded(DispatchInput);
export type DispatchRecord = z.infer<typeof DispatchRecord>;

export const RESOLUTION_STATUSES = [
  'proposed',
  'open',
  'adopted',
  'rejected',
  'lapsed',
  'withdrawn',
] as const;
export const ResolutionStatus = z
  .enum(RESOLUTION_STATUSES)
  .meta({ description: 'Status, derived from the recorded facts' });
export type ResolutionStatus = z.infer<typeof ResolutionStatus>;

/** What is disputed in law or disagrees in time: shown everywhere, never hard-coded into the outcome. */
export const RISKS = [
  'circular-form-not-statutory',
  'recusal-disputed',
  'abstention-under-unanimity',
  'bylaws-differ-by-effective-date',
  'excluded-member-votes',
  'received-late',
] as const;
export const Risk = z.object({ code: z.enum(RISKS), detail: z.string() }).meta({ id: 'Risk' });
export type Risk = z.infer<typeof Risk>;

/** A resolution as it is answered. */
export const Resolution = ResolutionRecord.extend({
  status: ResolutionStatus,
  decidable: z
    .boolean()
    .meta({ description: 'Whether `decide` would settle it now; the clock alone changes no status' }),
  deadline: Instant.optional().meta({
    description:
      'The deadline in effect, from opening on: it moves once at most, when the opening was received late',
  }),
  receivedAt: Instant.optional().meta({
    description: 'When the proposal, or once voting is open the opening, had reached the members',
  }),
  proposalReceipt: ProposalReceipt.optional(),
  openingReceipt: OpeningReceipt.optional(),
  tally: Tally.optional().meta({ description: 'Of the ballots cast so far, from opening on' }),
  effectResults: z.array(EffectResult),
  finding: FindingRecord.optional(),
  registration: RegistrationRecord.optional(),
  dispatch: DispatchRecord.optional(),
  risks: z.array(Risk),
}).meta({ id: 'Resolution' });
export type Resolution = z.infer<typeof Resolution>;
