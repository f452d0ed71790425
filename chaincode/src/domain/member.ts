/** Members: what is recorded of them and what follows from it. */
import { z } from 'zod';
import { Document, Id, Instant, LegalDate, Line, MemberId, MspId, Recorded, Sha256 } from './primitives';

export const LEVELS = ['federal', 'state', 'municipal'] as const;
export const Level = z.enum(LEVELS).meta({ description: 'Level of the state' });
export type Level = z.infer<typeof Level>;

export const CATEGORIES = [
  'municipal-and-state-provider',
  'municipal-provider',
  'state-provider',
  'federal-enterprise',
  'state',
] as const;
export const Category = z.enum(CATEGORIES).meta({ description: 'Kind of member' });

const fingerprints = z.array(Sha256).min(1).max(5);

/** Keys are admitted, not a name: whoever adds the organization to the channel refuses other roots. */
export const MspFingerprints = z.strictObject({ signing: fingerprints, tls: fingerprints }).meta({
  description: "SHA-256 of each root CA certificate (DER) of the organization's MSP, signing and TLS",
});

/** Who acts for a member, which its own board may change at any time. */
export const Represented = z.object({
  office: Line.meta({
    description: 'Representative: the office that acts for the member',
    example: 'Chief Information Officer (CIO)',
  }),
  operator: Line.optional().meta({
    description: 'Body that does the technical work for the member',
    example: 'IT.NRW',
  }),
});
export type Represented = z.infer<typeof Represented>;

/** What a member is: the part that an application, a foundation and the register share. */
export const MemberIdentity = z.strictObject({
  id: MemberId,
  legalName: Line.meta({ description: 'Name of the legal person', example: 'Land Nordrhein-Westfalen' }),
  levels: z
    .array(Level)
    .min(1)
    .max(3)
    .refine((levels) => new Set(levels).size === levels.length, 'must not repeat a level')
    .meta({ description: 'Levels of the state it belongs to' }),
  category: Category,
  mspId: MspId,
  mspFingerprints: MspFingerprints,
  ...Represented.shape,
});
export type MemberIdentity = z.infer<typeof MemberIdentity>;

/** Input of `apply`: an unconditional declaration of accession (§15 GenG), filed by an admitted member's board. */
export const MemberApplication = MemberIdentity.extend({
  declaration: Document.meta({ description: 'Declaration of accession (text form)' }),
}).meta({ id: 'MemberApplication' });
export type MemberApplication = z.infer<typeof MemberApplication>;

/** Input of `change`: who represents the member and who operates for it; `operator: null` removes the operator. */
export const MemberChange = z
  .strictObject({ office: Line.optional(), operator: Line.nullable().optional() })
  .refine(
    ({ office, operator }) => office !== undefined || operator !== undefined,
    'must change office or operator',
  )
  .meta({ id: 'MemberChange' });
export type MemberChange = z.infer<typeof MemberChange>;

/** Input of `resign`. The document is needed when another member's board declares it for a member that never joined. */
export const Resignation = z.strictObject({ document: Document.optional() }).meta({ id: 'Resignation' });
export type Resignation = z.infer<typeof Resignation>;

export const MEMBER_STATUSES = ['applied', 'admitted', 'rejected', 'withdrawn', 'ending', 'former'] as const;
export const MemberStatus = z
  .enum(MEMBER_STATUSES)
  .meta({ description: 'Status, derived from the recorded facts' });
export type MemberStatus = z.infer<typeof MemberStatus>;

const Application = z.object({
  filedBy: MemberId,
  declaration: Document,
  contentSha256: Sha256,
  recorded: Recorded,
});
const Rejection = z.object({ resolutionId: Id, recorded: Recorded });

/** What the ledger keeps beside a member's record, under a key of its own. */
export const Representation = z
  .array(z.object({ office: Line, operator: Line.optional(), recorded: Recorded }))
  .meta({ description: 'Who represented and operated since when; the last one is current' });
export type Representation = z.infer<typeof Representation>;

/** What the ledger keeps of a member: facts, from which {@link MemberStatus} is derived. */
export const MemberRecord = z.object({
  ...MemberIdentity.omit({ office: true, operator: true }).shape,
  application: Application.optional(),
  withdrawal: Recorded.optional(),
  rejection: Rejection.optional(),
  earlierApplications: z
    .array(
      z.object({
        application: Application,
        withdrawal: Recorded.optional(),
        rejection: Rejection.optional(),
      }),
    )
    .optional()
    .meta({ description: 'Applications that were withdrawn or rejected before the current one' }),
  admission: z
    .union([
      z.object({ resolutionId: Id, decidedAt: Instant, effectiveAt: Instant, recorded: Recorded }),
      z.object({ foundation: Sha256, decidedAt: Instant, effectiveAt: Instant, recorded: Recorded }),
    ])
    .optional()
    .meta({ description: 'The resolution (or the foundation) that admitted it' }),
  joined: Recorded.optional().meta({ description: 'Its organization is on the network' }),
  resignation: z
    .object({
      effectiveAt: LegalDate,
      document: Document.optional(),
      recorded: Recorded,
      received: Recorded.optional().meta({
        description: 'When it had reached the others (§130 BGB): one received late counts from here',
      }),
    })
    .optional()
    .meta({ description: 'Kündigung (§65 GenG), to the end of a financial year' }),
  exclusion: z
    .object({
      resolutionId: Id,
      decidedAt: Instant,
      effectiveAt: LegalDate,
      dispatched: Recorded.optional(),
      recorded: Recorded,
    })
    .optional()
    .meta({
      description: 'Ausschluss (§68 GenG), to the end of the financial year; off new rolls from dispatch',
    }),
  completed: Recorded.optional().meta({ description: 'The ending has been completed: a former member' }),
});
export type MemberRecord = z.infer<typeof MemberRecord>;

/**
 * A member as an act of others on it answers: without who represents it, which the act must not read. Else the member
 * could keep the act out by changing it again and again.
 */
export const MemberFacts = MemberRecord.extend({
  status: MemberStatus,
  joinedAt: Instant.optional(),
  endsOn: LegalDate.optional().meta({ description: 'Last day of the membership, once it is ending' }),
});
export type MemberFacts = z.infer<typeof MemberFacts>;

/** A member as it is answered. */
export const Member = MemberFacts.extend({
  ...Represented.shape,
  representation: Representation,
}).meta({ id: 'Member' });
export type Member = z.infer<typeof Member>;
