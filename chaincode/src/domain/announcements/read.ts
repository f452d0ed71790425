import type { Announcement, AnnouncementStatus } from '../announcement';
import type { Call } from '../call';
import { type HistoryStep, historyOf, mergeHistories } from '../history';
import { announcement, announcementCorrection, announcementRelease, announcementWithdrawal } from '../keys';
import { type Days, type PageRequest, daysBetween, pageOfAll, pageOfEntries } from '../paging';
import type { Page } from '../primitives';
import { enter, enterFor } from '../register/cooperative';
import {
  announcementView,
  announcementsBy,
  findAnnouncement,
  outcomeOf,
  releasedAnnouncements,
} from './records';

/** @throws {DomainError} `not-found` and what entering refuses */
export async function readAnnouncement(call: Call, { id }: { id: string }): Promise<Announcement> {
  const { found } = await enterFor(call, 'read', 'announcement', () => findAnnouncement(call, id));
  return announcementView(found, await outcomeOf(call, id));
}

/** The one that an index entry names. */
async function entryView(call: Call, { parts }: { parts: readonly string[] }): Promise<Announcement> {
  const id = parts.at(-1) ?? '';
  const record = await findAnnouncement(call, id);
  if (!record) throw new Error('an index entry names no announcement');
  return announcementView(record, await outcomeOf(call, id));
}

interface AnnouncementQuery extends PageRequest, Days {
  readonly status?: AnnouncementStatus | undefined;
  readonly member?: string | undefined;
  readonly about?: string | undefined;
}

/** In the order of their drafts. */
export async function listAnnouncements(call: Call, query: AnnouncementQuery): Promise<Page<Announcement>> {
  const { bylaws } = await enter(call, 'read');
  const request = { ...query, ...daysBetween(query, bylaws.timeZone) };
  return pageOfEntries(call.ledger, announcementsBy(query), request, (entry) => entryView(call, entry));
}

/** What the public reads: everything that was ever released, the newest first. */
export async function listReleased(call: Call, request: PageRequest): Promise<Page<Announcement>> {
  await enter(call, 'read');
  return pageOfEntries(call.ledger, releasedAnnouncements, request, (entry) => entryView(call, entry));
}

/** @throws {DomainError} `not-found` and what entering refuses */
export async function announcementHistory(
  call: Call,
  { id, ...request }: { id: string } & PageRequest,
): Promise<Page<HistoryStep>> {
  await enterFor(call, 'read', 'announcement', () => findAnnouncement(call, id));
  const histories = [
    await historyOf(call, 'announcement', announcement(id)),
    await historyOf(call, 'withdrawal', announcementWithdrawal(id)),
    await historyOf(call, 'release', announcementRelease(id)),
    await historyOf(call, 'correction', announcementCorrection(id)),
  ];
  return pageOfAll(mergeHistories(histories), request);
}
