import { type Call, recorded } from '../call';
import { DomainError } from '../errors';
import { enterFor } from '../register/cooperative';
import type { Resolution } from '../resolution';
import { findResolution, putResolution } from './records';
import { requireStatus } from './status';
import { ResolutionViews } from './view';

/**
 * The board that proposed a resolution takes it back before it is open; if that member has left, a board-holding
 * organization does.
 *
 * @throws {DomainError} `not-found`, `unchanged`, `wrong-status` and what entering refuses
 */
export async function withdrawResolution(call: Call, { id }: { id: string }): Promise<Resolution> {
  const { found: before, bylaws } = await enterFor(
    call,
    'withdraw-resolution',
    'resolution',
    () => findResolution(call, id),
    ({ proposal }) => ({ filedBy: proposal.memberId }),
  );
  if (before.withdrawal) throw new DomainError('unchanged', { resource: 'resolution' });
  requireStatus(before, 'proposed');

  const record = { ...before, withdrawal: recorded(call) };
  await putResolution(call, record, before);
  call.tell('resolution.withdrawn', id);
  return new ResolutionViews(call, bylaws.timeZone).view(record);
}
