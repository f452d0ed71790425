/** The bylaws (Satzung): the versioned rule set that resolutions are decided under. One schema for file and chaincode. */
import { IANAZone } from 'luxon';
import { z } from 'zod';
import {
  FURTHER_MATTER_IDS,
  type FurtherMatterId,
  MATTERS,
  MATTER_IDS,
  type MatterId,
  REGULATED_MATTER_IDS,
  type RegulatedMatterId,
} from './matters';
import { Duration, Id, Instant, LegalDate, Line, MemberId, Recorded, unique } from './primitives';
import { BASES, MAJORITIES, atLeastAsStrict } from './majority';
import { compareDurations, durationMilliseconds, wholeDays, wholeMonths } from './time';

/** Forms of a vote that §43b GenG lists, and the circular procedure, which it doesn't (a risk that is shown). */
export const FORMS = ['in-person', 'virtual', 'hybrid', 'extended', 'circular'] as const;
export const Form = z
  .enum(FORMS)
  .meta({ description: 'Form of the assembly (§43b GenG) or circular procedure' });
export type Form = z.infer<typeof Form>;

export const Matter = z
  .enum(MATTER_IDS)
  .meta({ description: 'Class of a resolution, which decides the majority it needs' });
export type Matter = MatterId;

/** §46(1) GenG: at least two weeks between convening and assembly, counted in whole days. */
const SHORTEST_ASSEMBLY_NOTICE_DAYS = 14;

/**
 * How many skews a vote lasts at least. An opening and its receipt may be dated back by one skew, and a twentieth of the
 * period is let go as clocks being off: with three, whoever votes by an honest clock still has more than half of it.
 */
export const SHORTEST_VOTING_IN_SKEWS = 3;

export const Majority = z.enum(MAJORITIES).meta({ description: 'Fraction of the base that must say yes' });
export const Base = z.enum(BASES).meta({ description: 'What the fraction is taken of' });
export const QuorumPercent = z.int().min(0).max(100).meta({
  description:
    'Ballots cast, abstentions included, in per cent of the roll, below which the vote lapses; 0 for none',
  example: 0,
});

/** What decides a vote; pinned in the resolution when voting opens. */
export const Rule = z
  .strictObject({ majority: Majority, base: Base, quorumPercent: QuorumPercent })
  .meta({ description: 'Majority, base and quorum' });
export type Rule = z.infer<typeof Rule>;

const MatterRule = z.strictObject({
  ...Rule.shape,
  forms: z.array(Form).min(1).refine(unique, 'must not repeat a form'),
  ballotsChangeable: z
    .boolean()
    .meta({ description: 'Whether a cast ballot may be changed until the deadline' }),
});

const FormRule = z.strictObject({
  noticePeriod: Duration,
  shortestVoting: Duration.meta({
    description: `Shortest voting period, at least ${SHORTEST_VOTING_IN_SKEWS} times the skew`,
    example: 'PT10M',
  }),
  longestVoting: Duration,
  procedureClause: Line.optional().meta({
    description:
      'Clause of the bylaws that allows this form; without it a circular resolution needs the consent of all',
    example: '§ 14 (3)',
  }),
});

export const Bylaws = z
  .strictObject({
    matters: z.strictObject({
      ...(Object.fromEntries(REGULATED_MATTER_IDS.map((id) => [id, MatterRule])) as Record<
        RegulatedMatterId,
        typeof MatterRule
      >),
      ...(Object.fromEntries(FURTHER_MATTER_IDS.map((id) => [id, MatterRule.optional()])) as Record<
        FurtherMatterId,
        z.ZodOptional<typeof MatterRule>
      >),
    }),
    forms: z.strictObject(
      Object.fromEntries(FORMS.map((id) => [id, FormRule.optional()])) as Record<
        Form,
        z.ZodOptional<typeof FormRule>
      >,
    ),
    votesPerMember: z
      .int()
      .min(1)
      .max(3)
      .meta({ description: 'Votes of each member; more than one is not supported yet (§43(3) GenG)' }),
    boardHolding: z
      .array(MemberId)
      .min(2, 'at least two members must hold the board')
      .max(50)
      .refine(unique, 'must not repeat a member')
      .meta({ description: 'Members whose board acts for the cooperative (opens votes, records findings)' }),
    financialYearEnd: z
      .string()
      .regex(
        /^(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])$|^(?:0[469]|11)-(?:0[1-9]|[12]\d|30)$|^02-(?:0[1-9]|1\d|2[0-8])$/,
        'must be MM-DD',
      )
      .meta({ description: "The financial year's last day, MM-DD", example: '12-31' }),
    resignationPeriod: Duration.refine((value) => {
      const months = wholeMonths(value);
      return months !== undefined && months >= 3 && months <= 60;
    }, 'must be between P3M and P5Y, in months or years (§65(2) GenG)'),
    timeZone: z
      .string()
      .max(60)
      .refine((value) => IANAZone.isValidZone(value), 'must be an IANA time zone')
      .meta({ example: 'Europe/Berlin' }),
    focusAreas: z
      .array(z.strictObject({ id: Id, name: Line }))
      .min(1)
      .max(50)
      .refine((areas) => unique(areas.map(({ id }) => id)), 'must not repeat an id'),
    skew: Duration.refine(
      (value) => compareDurations(value, 'PT1S') >= 0 && compareDurations(value, 'PT15M') <= 0,
      { error: 'must be between PT1S and PT15M', abort: true },
    ).meta({
      description: "How far a transaction's timestamp may be off an endorsing peer's clock",
      example: 'PT30S',
    }),
    f: z.union([z.literal('third'), z.int().min(1).max(100)]).meta({
      description:
        'How many other members must endorse a ballot: "third" for floor((N−1)/3), at least 1; or a number',
    }),
    actWithin: Duration.meta({
      description: "After which any member's board may do what the board-holding members leave undone",
      example: 'P14D',
    }),
  })
  .superRefine((bylaws, context) => {
    for (const id of MATTER_IDS) {
      const rule = bylaws.matters[id];
      if (!rule) continue;
      const { statutory } = MATTERS[id];
      if (!atLeastAsStrict(rule.majority, statutory.majority))
        context.addIssue({
          code: 'custom',
          path: ['matters', id, 'majority'],
          message: `must be at least ${statutory.majority} (${statutory.source})`,
        });
      for (const form of rule.forms)
        if (!bylaws.forms[form])
          context.addIssue({
            code: 'custom',
            path: ['forms', form],
            message: `is missing although ${id} allows it`,
          });
    }
    for (const form of FORMS) {
      const rule = bylaws.forms[form];
      if (!rule) continue;
      if (form !== 'circular' && (wholeDays(rule.noticePeriod) ?? 0) < SHORTEST_ASSEMBLY_NOTICE_DAYS)
        context.addIssue({
          code: 'custom',
          path: ['forms', form, 'noticePeriod'],
          message: `must be at least P${SHORTEST_ASSEMBLY_NOTICE_DAYS}D, in whole days (§46(1) GenG)`,
        });
      if (
        durationMilliseconds(rule.shortestVoting) <
        SHORTEST_VOTING_IN_SKEWS * durationMilliseconds(bylaws.skew)
      )
        context.addIssue({
          code: 'custom',
          path: ['forms', form, 'shortestVoting'],
          message: `must be at least ${SHORTEST_VOTING_IN_SKEWS} times the skew, which is ${bylaws.skew}`,
        });
      if (compareDurations(rule.shortestVoting, rule.longestVoting) > 0)
        context.addIssue({
          code: 'custom',
          path: ['forms', form, 'longestVoting'],
          message: 'must not be shorter than shortestVoting',
        });
    }
  })
  .meta({ id: 'Bylaws', description: 'Rules that resolutions are decided under' });
export type Bylaws = z.infer<typeof Bylaws>;

/** The rule for a matter; one that the bylaws leave out is decided like an ordinary matter. */
export function matterRule({ matters }: Bylaws, matter: MatterId): z.infer<typeof MatterRule> {
  return matters[matter] ?? matters.ordinary;
}

/** Version of the bylaws that came with the foundation; every later version is the id of the amending resolution. */
export const FOUNDING_VERSION = 'foundation';

/** What the ledger keeps of a version. */
export const BylawsRecord = z.object({
  id: Id.meta({
    description: 'Version: "foundation" or the id of the amending resolution',
    example: FOUNDING_VERSION,
  }),
  base: Id.optional().meta({ description: 'Version that this one amends' }),
  effectiveFrom: LegalDate.meta({
    description: 'Day of the registration (§16(6) GenG) or of the foundation',
  }),
  recorded: Recorded,
  supersededAt: Instant.optional(),
  bylaws: Bylaws,
});
export type BylawsRecord = z.infer<typeof BylawsRecord>;

/** A version of the bylaws as it is answered. */
export const BylawsVersion = BylawsRecord.extend({ status: z.enum(['in-force', 'superseded']) }).meta({
  id: 'BylawsVersion',
});
export type BylawsVersion = z.infer<typeof BylawsVersion>;
