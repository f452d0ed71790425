import type { Announcement, AnnouncementRecord, AnnouncementStatus } from '../announcement';
import { type Call, recorded } from '../call';
import { DomainError } from '../errors';
import { claim } from '../keys';
import { enterFor } from '../register/cooperative';
import {
  type Outcome,
  announcementStatus,
  announcementView,
  findAnnouncement,
  outcomeOf,
  putRelease,
} from './records';

/**
 * The board of a board-holding organization releases a draft: from then on the public reads it. While a resolution on it
 * is open, that decides.
 *
 * @throws {DomainError} `not-found`, `unchanged`, `wrong-status`, `target-claimed` and what entering refuses
 */
export async function releaseAnnouncement(call: Call, { id }: { id: string }): Promise<Announcement> {
  const { found } = await enterFor(call, 'release-announcement', 'announcement', () =>
    findAnnouncement(call, id),
  );
  const outcome = await outcomeOf(call, id);
  if (outcome.release) throw new DomainError('unchanged', { resource: 'announcement' });
  requireStatus(outcome, 'drafted');
  await requireUnclaimed(call, id);
  if (found.corrects !== undefined) await requireCorrectable(call, found.corrects);

  const release = { recorded: recorded(call) };
  await putRelease(call, found, release);
  return announcementView(found, { release });
}

/** Why a draft can't be released by a resolution, in one word. */
export async function whyNotReleasable(
  call: Call,
  { id, corrects }: AnnouncementRecord,
): Promise<string | undefined> {
  const status = announcementStatus(await outcomeOf(call, id));
  if (status !== 'drafted') return `announcement-is-${status}`;
  const corrected = corrects && announcementStatus(await outcomeOf(call, corrects));
  return corrected && corrected !== 'released' ? `what-it-corrects-is-${corrected}` : undefined;
}

/**
 * Only what the public reads can be corrected, and once: what corrects it can be corrected in turn.
 *
 * @throws {DomainError} `wrong-status`
 */
export async function requireCorrectable(call: Call, id: string): Promise<void> {
  requireStatus(await outcomeOf(call, id), 'released');
}

/** @throws {DomainError} `wrong-status` */
export function requireStatus(outcome: Outcome, allowed: AnnouncementStatus): void {
  const status = announcementStatus(outcome);
  if (status !== allowed)
    throw new DomainError('wrong-status', { resource: 'announcement', status, allowed: [allowed] });
}

/** @throws {DomainError} `target-claimed` while a resolution on it is open */
export async function requireUnclaimed({ ledger }: Call, id: string): Promise<void> {
  const claimed = await ledger.get(claim('announcement', id));
  if (claimed) throw new DomainError('target-claimed', { resolutionId: claimed.resolutionId });
}
