import type { Announcement } from '../announcement';
import { type Call, recorded } from '../call';
import { DomainError } from '../errors';
import { announcementWithdrawal } from '../keys';
import { enterFor } from '../register/cooperative';
import { announcementView, findAnnouncement, outcomeOf, reindexAnnouncement } from './records';
import { requireStatus, requireUnclaimed } from './release';

/**
 * The board that drafted an announcement takes it back before it is released; if that member has left, a board-holding
 * organization does.
 *
 * @throws {DomainError} `not-found`, `unchanged`, `wrong-status`, `target-claimed` and what entering refuses
 */
export async function withdrawAnnouncement(call: Call, { id }: { id: string }): Promise<Announcement> {
  const { found } = await enterFor(
    call,
    'withdraw-announcement',
    'announcement',
    () => findAnnouncement(call, id),
    ({ draft }) => ({ filedBy: draft.memberId }),
  );
  const outcome = await outcomeOf(call, id);
  if (outcome.withdrawal) throw new DomainError('unchanged', { resource: 'announcement' });
  requireStatus(outcome, 'drafted');
  await requireUnclaimed(call, id);

  const withdrawal = recorded(call);
  await call.ledger.put(announcementWithdrawal(id), withdrawal);
  await reindexAnnouncement(call, found, 'drafted', 'withdrawn');
  call.tell('announcement.withdrawn', id);
  return announcementView(found, { withdrawal });
}
