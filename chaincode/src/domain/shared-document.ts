/** Knowledge: documents that members share with each other, version by version. What is on the ledger identifies them. */
import { z } from 'zod';
import { Document, FocusAreas, Id, Line, MemberId, Paging, Period, Recorded, Sha256 } from './primitives';

/** Input of `share`. */
export const DocumentShare = z
  .strictObject({
    id: Id,
    title: Line.meta({ example: 'Operating manual of the blockchain nodes' }),
    focusAreas: FocusAreas,
    document: Document.meta({ description: 'The document; its URI is at the member that shares it' }),
    licence: Line.meta({
      description: 'SPDX identifier of the licence, or one line that names it',
      example: 'CC-BY-4.0',
    }),
    language: z
      .string()
      .regex(/^[a-z]{2,3}(?:-[A-Z]{2})?$/, 'must be a language such as de or de-AT')
      .optional()
      .meta({ description: 'Language of the document (BCP 47)', example: 'de' }),
    supersedes: Id.optional().meta({
      description: 'Earlier version that this one takes the place of; of the same member, and current',
    }),
  })
  .meta({ id: 'DocumentShare', description: 'A document that a member shares' });
export type DocumentShare = z.infer<typeof DocumentShare>;

/** What the ledger keeps: written once. */
export const DocumentRecord = z.object({
  ...DocumentShare.shape,
  contentSha256: Sha256,
  memberId: MemberId.meta({ description: 'The member that shares it' }),
  recorded: Recorded,
});
export type DocumentRecord = z.infer<typeof DocumentRecord>;

/** A key of its own, written once, by the version that takes the document's place. */
export const Supersession = z.object({ documentId: Id, recorded: Recorded });
export type Supersession = z.infer<typeof Supersession>;

export const DOCUMENT_STATUSES = ['current', 'superseded'] as const;
export const DocumentStatus = z
  .enum(DOCUMENT_STATUSES)
  .meta({ description: 'Status, derived from the recorded facts' });
export type DocumentStatus = z.infer<typeof DocumentStatus>;

/** A shared document as it is answered. */
export const SharedDocument = DocumentRecord.extend({
  status: DocumentStatus,
  supersededBy: Supersession.optional().meta({ description: 'The version that took its place' }),
}).meta({ id: 'SharedDocument' });
export type SharedDocument = z.infer<typeof SharedDocument>;

/** Filters of `GET /documents`. */
export const DocumentFilter = z.strictObject({
  ...Paging.shape,
  member: MemberId.optional().meta({ description: 'The member that shares it' }),
  focusArea: Id.optional(),
  status: DocumentStatus.optional(),
  sha256: Sha256.optional().meta({ description: 'SHA-256 of the document itself' }),
  ...Period.shape,
});
