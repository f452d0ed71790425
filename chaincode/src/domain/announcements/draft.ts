import type { Announcement, AnnouncementDraft, AnnouncementRecord } from '../announcement';
import { type Call, recorded } from '../call';
import { contentSha256 } from '../canonical';
import { DomainError } from '../errors';
import { announcement } from '../keys';
import { callersMember, enter } from '../register/cooperative';
import { announcementView, findAnnouncement, reindexAnnouncement } from './records';
import { checkAbout } from './references';
import { requireCorrectable } from './release';

/**
 * The board of an admitted member drafts what the cooperative is to tell the public. A draft is never changed: another one
 * takes its place, and once it is released another one corrects it.
 *
 * @throws {DomainError} `unchanged`, `id-conflict`, `reference-unknown`, `wrong-status` and what entering refuses
 */
export async function draftAnnouncement(call: Call, draft: AnnouncementDraft): Promise<Announcement> {
  const cooperative = await enter(call, 'draft-announcement');
  const sha256 = contentSha256(draft);
  const known = await findAnnouncement(call, draft.id);
  if (known)
    throw new DomainError(known.contentSha256 === sha256 ? 'unchanged' : 'id-conflict', {
      resource: 'announcement',
    });
  await checkAbout(call, draft.about);
  if (draft.corrects !== undefined) {
    if (!(await findAnnouncement(call, draft.corrects)))
      throw new DomainError('reference-unknown', { field: 'corrects', resource: 'announcement' });
    await requireCorrectable(call, draft.corrects);
  }

  const memberId = callersMember(cooperative);
  const record: AnnouncementRecord = {
    ...draft,
    contentSha256: sha256,
    draft: { memberId, recorded: recorded(call) },
  };
  await call.ledger.put(announcement(draft.id), record);
  await reindexAnnouncement(call, record, undefined, 'drafted');
  call.tell('announcement.drafted', draft.id, { memberId });
  return announcementView(record);
}
