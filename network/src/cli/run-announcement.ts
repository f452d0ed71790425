import type { Client, Input, Output } from 'umlauf-client';
import { act, jsonOf, whole, type ActOptions } from './member-act.js';
import { listed, table } from './table.js';

export interface AnnouncementListOptions extends ActOptions {
  readonly status?: string;
  readonly member?: string;
  readonly about?: string;
  readonly from?: string;
  readonly until?: string;
}
type Announcement = Output<'announcements-get'>;

/** Prints drafts and announcements; what is no status or date the gateway refuses, and says what is allowed. */
export function listAnnouncements(options: AnnouncementListOptions): Promise<void> {
  const { status, member, about, from, until } = options;
  const filter = { status, member, about, from, until, limit: 200 } as Input<'announcements-list'>;
  const list = (client: Client) => whole((bookmark) => client.announcements.list({ ...filter, bookmark }));
  return act(options, 'auditor', list, (announcements) =>
    table(
      ['ANNOUNCEMENT', 'STATUS', 'MEMBER', 'DRAFTED', 'TITLE'],
      announcements.map(({ id, status: has, draft: { memberId, recorded }, title }) => [
        ...[id, has, memberId, recorded.at, title.de],
      ]),
    ),
  );
}

/** Prints one of them. */
export function showAnnouncement(id: string, options: ActOptions): Promise<void> {
  return act(options, 'auditor', (client) => client.announcements.get({ id }), describeAnnouncement);
}

/** Drafts an announcement. */
export function draft(file: string, options: ActOptions): Promise<void> {
  const input = jsonOf(file) as Input<'announcements-draft'>;
  return act(
    options,
    'board',
    (client, call) => client.announcements.draft(input, call),
    describeAnnouncement,
  );
}

/** Withdraws or releases a draft. */
export function settle(what: 'withdraw' | 'release', id: string, options: ActOptions): Promise<void> {
  return act(
    options,
    'board',
    (client, call) => client.announcements[what]({ id }, call),
    describeAnnouncement,
  );
}

function describeAnnouncement(announcement: Announcement): string {
  const { id, status, title, text, about, draft: drafted, withdrawal, release } = announcement;
  return listed([
    ['announcement', id],
    ['status', status],
    ['title', title.de],
    ['text', text.de],
    ['title (en)', title.en],
    ['text (en)', text.en],
    ['about', about.length === 0 ? undefined : about.map((each) => `${each.resource} ${each.id}`).join(', ')],
    ['drafted', `${drafted.recorded.at} by ${drafted.memberId}`],
    ['withdrawn', withdrawal && `${withdrawal.at} by ${withdrawal.mspId}`],
    ['released', release && `${release.recorded.at} by ${release.resolutionId ?? release.recorded.mspId}`],
    ['corrects', announcement.corrects],
    ['corrected by', announcement.correctedBy?.announcementId],
  ]);
}
