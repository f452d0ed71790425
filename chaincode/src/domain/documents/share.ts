import { type Call, recorded } from '../call';
import { contentSha256 } from '../canonical';
import { DomainError } from '../errors';
import { callersMember, enter } from '../register/cooperative';
import { requireFocusAreas } from '../register/focus-areas';
import type { DocumentRecord, DocumentShare, SharedDocument } from '../shared-document';
import {
  documentStatus,
  documentView,
  findDocument,
  findSupersession,
  putDocument,
  putSupersession,
} from './records';

/**
 * The board of an admitted member shares a document, or a new version of one that the member shared before. What is
 * written stays: a version names what it supersedes, which must exist, so that a line of versions never closes to a circle;
 * and no document is superseded twice, so that it never forks.
 *
 * @throws {DomainError} `unchanged`, `id-conflict`, `reference-unknown`, `wrong-status` and what entering refuses
 */
export async function shareDocument(call: Call, share: DocumentShare): Promise<SharedDocument> {
  const { id, supersedes } = share;
  const former = supersedes === undefined ? undefined : await findDocument(call, supersedes);
  const cooperative = former
    ? await enter(call, 'supersede-document', { filedBy: former.memberId })
    : await enter(call, 'share-document');
  const sha256 = contentSha256(share);
  const known = await findDocument(call, id);
  if (known)
    throw new DomainError(known.contentSha256 === sha256 ? 'unchanged' : 'id-conflict', {
      resource: 'document',
    });
  requireFocusAreas(cooperative.bylaws, share.focusAreas);
  if (supersedes !== undefined) {
    if (!former) throw new DomainError('reference-unknown', { field: 'supersedes', resource: 'document' });
    const status = documentStatus(await findSupersession(call, supersedes));
    if (status !== 'current')
      throw new DomainError('wrong-status', { resource: 'document', status, allowed: ['current'] });
  }

  const memberId = callersMember(cooperative);
  const record: DocumentRecord = { ...share, contentSha256: sha256, memberId, recorded: recorded(call) };
  await putDocument(call, record);
  call.tell('document.shared', id, { memberId, ...(supersedes !== undefined && { supersedes }) });
  if (former) {
    await putSupersession(call, former, { documentId: id, recorded: record.recorded });
    call.tell('document.superseded', former.id, { by: id });
  }
  return documentView(record);
}
