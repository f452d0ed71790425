/** Shared documents on the ledger: each written once with its index entries, and beside it what took its place. */
import type { Call } from '../call';
import { combinations, reindex } from '../indexing';
import { documentSupersession, indexPrefix, sharedDocument } from '../keys';
import type { DocumentRecord, DocumentStatus, SharedDocument, Supersession } from '../shared-document';

export function findDocument(call: Call, id: string): Promise<DocumentRecord | undefined> {
  return call.ledger.get(sharedDocument(id));
}

export function findSupersession(call: Call, id: string): Promise<Supersession | undefined> {
  return call.ledger.get(documentSupersession(id));
}

export const documentStatus = (supersession: Supersession | undefined): DocumentStatus =>
  supersession ? 'superseded' : 'current';

export const documentView = (record: DocumentRecord, supersession?: Supersession): SharedDocument => ({
  ...record,
  status: documentStatus(supersession),
  ...(supersession && { supersededBy: supersession }),
});

/** Member, focus area, status, SHA-256. */
const documentFacets = ({ memberId, focusAreas, document }: DocumentRecord, status: DocumentStatus) =>
  combinations([memberId], focusAreas, [status], [document.sha256]);

interface DocumentFacets {
  readonly member?: string | undefined;
  readonly focusArea?: string | undefined;
  readonly status?: DocumentStatus | undefined;
  readonly sha256?: string | undefined;
}

/** In the order in which they were shared. */
export const documentsBy = ({ member, focusArea, status, sha256 }: DocumentFacets) =>
  indexPrefix('document', [member, focusArea, status, sha256]);

/** What a document's index entries are sorted by. */
const documentSort = ({ recorded, id }: DocumentRecord): string[] => [recorded.at, id];

export async function putDocument(call: Call, record: DocumentRecord): Promise<void> {
  await call.ledger.put(sharedDocument(record.id), record);
  await reindex(call.ledger, 'document', documentSort(record), undefined, documentFacets(record, 'current'));
}

/** Lays a supersession over a document and moves its index entries. */
export async function putSupersession(
  call: Call,
  record: DocumentRecord,
  supersession: Supersession,
): Promise<void> {
  await call.ledger.put(documentSupersession(record.id), supersession);
  await reindex(
    call.ledger,
    'document',
    documentSort(record),
    documentFacets(record, 'current'),
    documentFacets(record, 'superseded'),
  );
}
