import { authorize } from '../acts';
import { type Call, SKEW_BEFORE_FOUNDATION, checkTimestamp, recorded } from '../call';
import { contentSha256 } from '../canonical';
import { DomainError } from '../errors';
import type { Foundation, FoundationInput } from '../foundation';
import { type FoundationSubmission, foundationSubmission, heldFoundation } from '../keys';
import { unsupportedIn } from '../unsupported';
import { checkFounders, viewFoundation } from './submission';

/**
 * A founder's board submits who founds the cooperative under which bylaws. Submissions lie side by side: none excludes
 * another until all founders have confirmed one.
 *
 * @throws {DomainError} `timestamp-off`, `already-founded`, `role-not-allowed`, `organization-not-allowed`,
 *   `founders-mismatch`, `unsupported`, `unchanged`
 */
export async function submitFoundation(call: Call, input: FoundationInput): Promise<Foundation> {
  checkTimestamp(call, SKEW_BEFORE_FOUNDATION);
  const held = await call.ledger.get(heldFoundation);
  const founder = input.members.some(({ mspId }) => mspId === call.caller.mspId);
  authorize('submit-foundation', call.caller.role, { membership: 'outside', founder }, call.at);
  if (held) throw new DomainError('already-founded', { foundation: held.id });
  await checkFounders(call, input, false);
  const unsupported = unsupportedIn(input.bylaws);
  if (unsupported) throw unsupported;

  const id = contentSha256(input);
  if (await call.ledger.get(foundationSubmission(id)))
    throw new DomainError('unchanged', { resource: 'foundation' });
  const submission: FoundationSubmission = { id, ...input, submitted: recorded(call) };
  await call.ledger.put(foundationSubmission(id), submission);
  call.tell('foundation.submitted', id, { founders: input.members.length });
  return viewFoundation(call, submission);
}
