/** The records by the type of their key, each by its published schema. */
import {
  Bylaws,
  CastBallot,
  DispatchRecord,
  EffectResult,
  FindingRecord,
  FoundationInput,
  Id,
  Instant,
  LegalDate,
  MemberId,
  MemberRecord,
  OpeningReceipt,
  ProposalReceipt,
  Recorded,
  RegistrationRecord,
  Representation,
  ResolutionRecord,
  Sha256,
  rules,
} from 'umlauf-chaincode/api';
import { z } from 'zod';

/** A type of key, what it holds, and how many parts its name has. */
interface RecordType {
  readonly schema: z.ZodType;
  readonly parts: number | 'some';
}

const RECORDS: Readonly<Record<string, RecordType>> = {
  'foundation-submission': {
    schema: z.object({ id: Sha256, ...FoundationInput.shape, submitted: Recorded }),
    parts: 1,
  },
  'foundation-confirmation': { schema: z.object({ foundation: Sha256, recorded: Recorded }), parts: 1 },
  foundation: { schema: z.object({ id: Sha256, recorded: Recorded }), parts: 0 },
  bylaws: {
    schema: z.object({
      id: Id,
      base: Id.optional(),
      effectiveFrom: LegalDate,
      recorded: Recorded,
      supersededAt: Instant.optional(),
      bylaws: Bylaws,
    }),
    parts: 1,
  },
  'bylaws-in-force': { schema: z.object({ version: Id }), parts: 0 },
  member: { schema: MemberRecord, parts: 1 },
  'member-representation': { schema: Representation.min(1), parts: 1 },
  'member-msp': { schema: z.object({ memberId: MemberId }), parts: 1 },
  resolution: { schema: ResolutionRecord, parts: 1 },
  ballot: { schema: z.union([CastBallot, z.strictObject({})]), parts: 2 },
  'proposal-receipt': { schema: ProposalReceipt, parts: 1 },
  'opening-receipt': { schema: OpeningReceipt, parts: 1 },
  finding: { schema: FindingRecord, parts: 1 },
  registration: { schema: RegistrationRecord, parts: 1 },
  dispatch: { schema: DispatchRecord, parts: 1 },
  effect: { schema: EffectResult, parts: 2 },
  claim: { schema: z.object({ resolutionId: Id }), parts: 2 },
  index: { schema: z.literal(0), parts: 'some' },
};

/** Whether this verification knows what keys of the type hold. */
export const isKnownType = (type: string): boolean => Object.hasOwn(RECORDS, type);

/**
 * A record from its bytes.
 * @throws Error if they aren't what the schema of the type says, in canonical JSON
 */
export function decodeRecord(type: string, parts: readonly string[], bytes: Uint8Array): unknown {
  const known = RECORDS[type];
  if (!known) throw new Error(`keys of the type "${type}" are unknown`);
  if (known.parts !== 'some' && parts.length !== known.parts) throw new Error('a key with other parts');
  const text = Buffer.from(bytes).toString('utf8');
  const value: unknown = JSON.parse(text);
  const parsed = known.schema.safeParse(value);
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error).split('\n')[0] ?? 'malformed');
  // Also finds fields that the schema doesn't know.
  if (rules.canonicalJson(parsed.data) !== text)
    throw new Error('more than its schema knows, or not canonical');
  return parsed.data;
}
