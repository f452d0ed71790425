/** What lies on the ledger, by the type of its key: how many parts name it and what it holds. */
import { z } from 'zod';
import { AgreementSide } from '../domain/agreements/agreement';
import { AnnouncementRecord, Correction, Release } from '../domain/announcement';
import { BylawsRecord } from '../domain/bylaws';
import { FoundationInput } from '../domain/foundation';
import { Holding } from '../domain/held/holding';
import { NodeRecord } from '../domain/infrastructure/node';
import { SiteRecord } from '../domain/infrastructure/site';
import { PRESENT } from '../domain/keys';
import { MemberRecord, Representation } from '../domain/member';
import { Id, MemberId, Recorded, Sha256 } from '../domain/primitives';
import { ProjectRecord } from '../domain/projects/project';
import { ServiceClosing, ServiceRecord } from '../domain/services/service';
import {
  CastBallot,
  DispatchRecord,
  EffectResult,
  FindingRecord,
  OpeningReceipt,
  ProposalReceipt,
  RegistrationRecord,
  ResolutionRecord,
} from '../domain/resolution';
import { DocumentRecord, Supersession } from '../domain/shared-document';

/** A type of key. */
interface RecordType {
  /** What it holds; where that differs, by the first part of the key. */
  readonly schema: z.ZodType | Readonly<Record<string, z.ZodType>>;
  /** How many parts follow the type in a key; `some` where that differs. */
  readonly parts: number | 'some';
}

/** Every type of key that the chaincode writes: what of a ledger isn't so, no act of it has written. */
const RECORDS: Readonly<Record<string, RecordType>> = {
  'foundation-submission': {
    schema: z.object({ id: Sha256, ...FoundationInput.shape, submitted: Recorded }),
    parts: 1,
  },
  'foundation-confirmation': { schema: z.object({ foundation: Sha256, recorded: Recorded }), parts: 1 },
  foundation: { schema: z.object({ id: Sha256, recorded: Recorded }), parts: 0 },

  bylaws: { schema: BylawsRecord, parts: 1 },
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

  holding: { schema: Holding, parts: 2 },
  held: {
    schema: { project: ProjectRecord, site: SiteRecord, node: NodeRecord, service: ServiceRecord },
    parts: 3,
  },
  agreement: { schema: z.object({ begun: Recorded }), parts: 4 },
  'service-closing': { schema: ServiceClosing, parts: 1 },
  'agreement-side': { schema: AgreementSide, parts: 6 },

  document: { schema: DocumentRecord, parts: 1 },
  'document-supersession': { schema: Supersession, parts: 1 },

  announcement: { schema: AnnouncementRecord, parts: 1 },
  'announcement-withdrawal': { schema: Recorded, parts: 1 },
  'announcement-release': { schema: Release, parts: 1 },
  'announcement-correction': { schema: Correction, parts: 1 },

  index: { schema: z.literal(PRESENT), parts: 'some' },
};

/** Whether it is a type of key that the chaincode writes. */
export const isRecordType = (type: string): boolean => Object.hasOwn(RECORDS, type);

/** What a key holds; nothing where no act of the chaincode writes such a key. */
export function recordSchema(type: string, parts: readonly string[]): z.ZodType | undefined {
  const known = isRecordType(type) ? RECORDS[type] : undefined;
  if (!known || (known.parts !== 'some' && known.parts !== parts.length)) return undefined;
  if (known.schema instanceof z.ZodType) return known.schema;
  const [first = ''] = parts;
  return Object.hasOwn(known.schema, first) ? known.schema[first] : undefined;
}
