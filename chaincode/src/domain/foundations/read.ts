import { authorize } from '../acts';
import type { Call } from '../call';
import type { Foundation } from '../foundation';
import { bylawsInForce, foundationSubmissions } from '../keys';
import { type PageRequest, pageOfEntries } from '../paging';
import type { Page } from '../primitives';
import { enter } from '../register/cooperative';
import { getSubmission, viewFoundation } from './submission';

/** Before the foundation every organization reads, afterwards the members. */
async function enterReading(call: Call): Promise<void> {
  if (await call.ledger.get(bylawsInForce)) await enter(call, 'read');
  else authorize('read-foundation', call.caller.role, { membership: 'outside' }, call.at);
}

/** @throws {DomainError} `role-not-allowed`, `organization-not-allowed`, `not-found` */
export async function readFoundation(call: Call, { id }: { id: string }): Promise<Foundation> {
  await enterReading(call);
  return viewFoundation(call, await getSubmission(call, id));
}

/** Every submission, in the order of their SHA-256. */
export async function listFoundations(call: Call, request: PageRequest): Promise<Page<Foundation>> {
  await enterReading(call);
  return pageOfEntries(call.ledger, foundationSubmissions, request, ({ value }) =>
    viewFoundation(call, value),
  );
}
