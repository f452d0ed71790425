import type { Call } from '../call';
import { type HistoryStep, historyOf, mergeHistories } from '../history';
import { documentSupersession, sharedDocument } from '../keys';
import { type Days, type PageRequest, daysBetween, pageOfAll, pageOfEntries } from '../paging';
import type { Page } from '../primitives';
import { enter, enterFor } from '../register/cooperative';
import type { DocumentStatus, SharedDocument } from '../shared-document';
import { documentView, documentsBy, findDocument, findSupersession } from './records';

/** @throws {DomainError} `not-found` and what entering refuses */
export async function readDocument(call: Call, { id }: { id: string }): Promise<SharedDocument> {
  const { found } = await enterFor(call, 'read', 'document', () => findDocument(call, id));
  return documentView(found, await findSupersession(call, id));
}

interface DocumentQuery extends PageRequest, Days {
  readonly member?: string | undefined;
  readonly focusArea?: string | undefined;
  readonly status?: DocumentStatus | undefined;
  readonly sha256?: string | undefined;
}

/** In the order in which they were shared. */
export async function listDocuments(call: Call, query: DocumentQuery): Promise<Page<SharedDocument>> {
  const { bylaws } = await enter(call, 'read');
  const request = { ...query, ...daysBetween(query, bylaws.timeZone) };
  return pageOfEntries(call.ledger, documentsBy(query), request, async ({ parts }) => {
    const id = parts.at(-1) ?? '';
    const record = await findDocument(call, id);
    if (!record) throw new Error('an index entry names no document');
    return documentView(record, await findSupersession(call, id));
  });
}

/** @throws {DomainError} `not-found` and what entering refuses */
export async function documentHistory(
  call: Call,
  { id, ...request }: { id: string } & PageRequest,
): Promise<Page<HistoryStep>> {
  await enterFor(call, 'read', 'document', () => findDocument(call, id));
  const histories = [
    await historyOf(call, 'document', sharedDocument(id)),
    await historyOf(call, 'supersession', documentSupersession(id)),
  ];
  return pageOfAll(mergeHistories(histories), request);
}
