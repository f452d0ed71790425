import { whyNotReleasable } from '../announcements/release';
import { findAnnouncement, putRelease } from '../announcements/records';
import { recorded } from '../call';
import type { EffectDefinition } from './effect';

/**
 * Releases a drafted announcement, beside whatever else the resolution decides: what is decided and what the public is told
 * of it come about in one moment. Rejected, the draft stays one.
 */
export const announce: EffectDefinition<'announce'> = {
  kind: 'announce',
  matter: 'any',
  // Two could correct the same announcement, which neither would see of the other.
  once: true,
  effective: 'at-once',
  target: ({ announcementId }) => ({ kind: 'announcement', id: announcementId }),

  // A draft never changes; the hash tells whoever votes that it is the one that they have read.
  pin: async (input, { call }) => {
    const record = await findAnnouncement(call, input.announcementId);
    return { ...input, ...(record && { contentSha256: input.contentSha256 ?? record.contentSha256 }) };
  },

  validate: async ({ announcementId, contentSha256 }, { call }) => {
    const record = await findAnnouncement(call, announcementId);
    if (!record) return 'announcement-unknown';
    if ((contentSha256 ?? record.contentSha256) !== record.contentSha256) return 'announcement-differs';
    return whyNotReleasable(call, record);
  },

  adopted: async ({ announcementId }, { call, resolutionId }) => {
    const record = await findAnnouncement(call, announcementId);
    if (!record) throw new Error('an announcement vanished');
    const executed = recorded(call);
    await putRelease(call, record, { recorded: executed, resolutionId });
    return { effective: 'at-once', effectiveAt: call.at, executed };
  },
};
