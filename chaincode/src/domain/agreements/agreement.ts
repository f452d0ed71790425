/**
 * What two sides agree on: a member's part in what another member holds.
 *
 * Each side declares for itself alone; what they have agreed on is derived from both.
 */
import { z } from 'zod';
import { Endorsement } from '../endorsement';
import { Document, LegalDate, MemberId, Recorded } from '../primitives';

export const AGREEMENTS = ['participation', 'use'] as const;
export type AgreementName = (typeof AGREEMENTS)[number];

/** The member that takes part, and the one that holds what it takes part in. */
export const SIDES = ['member', 'holder'] as const;
export type SideName = (typeof SIDES)[number];
export const otherSide = (side: SideName): SideName => (side === 'member' ? 'holder' : 'member');

export const Declaration = z
  .object({
    kind: z.enum(['agree', 'decline', 'end']),
    round: z.int().min(1).meta({
      description: 'Agreements count within a round; after it was declined or ended, the next one begins',
    }),
    sequence: z.int().min(1).meta({
      description: 'Its place among the declarations of both sides: timestamps are the clients’ own',
    }),
    on: LegalDate.optional().meta({ description: 'Last day, of an end' }),
    document: Document.optional(),
    recorded: Recorded,
  })
  .meta({ description: 'What one side declared' });
export type Declaration = z.infer<typeof Declaration>;

/**
 * How many rounds of an agreement one side may begin: each adds up to two declarations to the key of either side, which
 * is read and written whole. Counted for each side on its own, so that neither uses up what is the other's to begin;
 * whoever holds the resource next goes on counting, or two members could pass a lead to and fro for ever.
 */
export const MOST_ROUNDS_BEGUN = 20;

/** What the ledger keeps of one side; without declarations if the other side began. */
export const AgreementSide = z.object({
  endorsement: Endorsement,
  declarations: z.array(Declaration),
});
export type AgreementSide = z.infer<typeof AgreementSide>;

const AGREEMENT_STATUSES = ['invited', 'requested', 'agreed', 'declined', 'ended'] as const;
export const AgreementStatus = z.enum(AGREEMENT_STATUSES).meta({
  description:
    'invited: the holder waits for the member; requested: the member waits for the holder; agreed: both have agreed; declined: by one side, or the holder has changed since the invitation',
});
export type AgreementStatus = z.infer<typeof AgreementStatus>;

/** Input of what a side agrees to. */
export const Answer = z
  .strictObject({ document: Document.optional() })
  .meta({ id: 'Answer', description: 'A declaration, with a document if there is one' });
/** Input of what a side ends. */
export const End = z
  .strictObject({
    on: LegalDate.meta({ description: 'Last day; from when it was agreed until today' }),
    document: Document.optional(),
  })
  .meta({ id: 'End' });

/** A side's own state, by which lists are filtered. */
const SIDE_STATES = ['awaiting', 'agreed', 'declined', 'ended'] as const;
export const SideState = z
  .enum(SIDE_STATES)
  .meta({ description: 'What this side itself has declared last; awaiting: nothing yet in this round' });
export type SideState = z.infer<typeof SideState>;

/** What every agreement answers, beside what it is about. */
export const AgreementView = z.object({
  status: AgreementStatus,
  memberId: MemberId.meta({ description: 'The member that takes part' }),
  holderId: MemberId.meta({ description: 'The member that holds what it takes part in' }),
  memberState: SideState,
  holderState: SideState,
  since: Recorded.optional().meta({ description: 'The declaration with which both had agreed' }),
  endsOn: LegalDate.optional().meta({ description: 'Last day, once it has ended' }),
  declarations: z.array(Declaration.extend({ by: z.enum(SIDES) })).meta({
    description: 'What both sides declared, in order',
  }),
  endorsements: z.array(Endorsement),
});
export type AgreementView = z.infer<typeof AgreementView>;
