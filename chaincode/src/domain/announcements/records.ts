/** Announcements on the ledger: each written once with its index entries, and beside it what became of it. */
import {
  type Announcement,
  type AnnouncementRecord,
  type AnnouncementStatus,
  type Correction,
  type Release,
  aboutName,
} from '../announcement';
import type { Call } from '../call';
import { combinations, reindex } from '../indexing';
import {
  PRESENT,
  announcement,
  announcementCorrection,
  announcementRelease,
  announcementWithdrawal,
  indexKey,
  indexPrefix,
} from '../keys';
import type { Recorded } from '../primitives';
import { milliseconds } from '../time';

/** What lies over a draft. */
export interface Outcome {
  readonly withdrawal?: Recorded | undefined;
  readonly release?: Release | undefined;
  readonly correctedBy?: Correction | undefined;
}

export function findAnnouncement(call: Call, id: string): Promise<AnnouncementRecord | undefined> {
  return call.ledger.get(announcement(id));
}

export async function outcomeOf({ ledger }: Call, id: string): Promise<Outcome> {
  return {
    withdrawal: await ledger.get(announcementWithdrawal(id)),
    release: await ledger.get(announcementRelease(id)),
    correctedBy: await ledger.get(announcementCorrection(id)),
  };
}

export function announcementStatus({ withdrawal, release, correctedBy }: Outcome): AnnouncementStatus {
  if (correctedBy) return 'corrected';
  if (release) return 'released';
  return withdrawal ? 'withdrawn' : 'drafted';
}

export const announcementView = (
  record: AnnouncementRecord,
  { withdrawal, release, correctedBy }: Outcome = {},
): Announcement => ({
  ...record,
  status: announcementStatus({ withdrawal, release, correctedBy }),
  ...(withdrawal && { withdrawal }),
  ...(release && { release }),
  ...(correctedBy && { correctedBy }),
});

/** Status, member, what it is about. */
const announcementFacets = ({ draft, about }: AnnouncementRecord, status: AnnouncementStatus) =>
  combinations([status], [draft.memberId], about.map(aboutName));

interface AnnouncementFacets {
  readonly status?: AnnouncementStatus | undefined;
  readonly member?: string | undefined;
  readonly about?: string | undefined;
}

/** In the order of their drafts. */
export const announcementsBy = ({ status, member, about }: AnnouncementFacets) =>
  indexPrefix('announcement', [status, member, about]);

/** What an announcement's index entries are sorted by. */
const announcementSort = ({ draft, id }: AnnouncementRecord): string[] => [draft.recorded.at, id];

/** Everything that was ever released, the newest first. */
export const releasedAnnouncements = indexPrefix('announcement-released', []);

/** Digits of the largest number of milliseconds that is exact: no instant of four-digit years has more. */
const LAST_INSTANT = Number.MAX_SAFE_INTEGER;

/** Sorts the newest release first: keys are in ascending order. */
const releaseSort = (id: string, { recorded }: Release): string[] => [
  String(LAST_INSTANT - milliseconds(recorded.at)).padStart(String(LAST_INSTANT).length, '0'),
  id,
];

/** Moves an announcement's index entries from one status to another; `before` is absent for a new one. */
export function reindexAnnouncement(
  { ledger }: Call,
  record: AnnouncementRecord,
  before: AnnouncementStatus | undefined,
  after: AnnouncementStatus,
): Promise<void> {
  return reindex(
    ledger,
    'announcement',
    announcementSort(record),
    before && announcementFacets(record, before),
    announcementFacets(record, after),
  );
}

/** Releases a draft; what it corrects is corrected in the same moment. */
export async function putRelease(call: Call, record: AnnouncementRecord, release: Release): Promise<void> {
  const { id, corrects } = record;
  await call.ledger.put(announcementRelease(id), release);
  await call.ledger.put(indexKey('announcement-released', [], ...releaseSort(id, release)), PRESENT);
  await reindexAnnouncement(call, record, 'drafted', 'released');
  const { resolutionId } = release;
  call.tell('announcement.released', id, { ...(resolutionId !== undefined && { resolutionId }) });
  if (corrects === undefined) return;
  const corrected = await findAnnouncement(call, corrects);
  if (!corrected) throw new Error('a correction of an announcement that does not exist');
  await call.ledger.put(announcementCorrection(corrects), { announcementId: id, recorded: release.recorded });
  await reindexAnnouncement(call, corrected, 'released', 'corrected');
  call.tell('announcement.corrected', corrects, { by: id });
}
