/** What announcements are about exists: one line for each kind of resource. */
import type { About, AboutResource } from '../announcement';
import type { Call } from '../call';
import { DomainError } from '../errors';
import { holding } from '../keys';
import { findMember } from '../register/register';
import { findResolution } from '../resolutions/records';

const FINDERS: Readonly<Record<AboutResource, (call: Call, id: string) => Promise<object | undefined>>> = {
  member: findMember,
  resolution: findResolution,
  // Whose it is changes seldom, what its holder declares often: an act of others doesn't read that.
  project: ({ ledger }, id) => ledger.get(holding('project', id)),
  service: ({ ledger }, id) => ledger.get(holding('service', id)),
};

/** @throws {DomainError} `reference-unknown` */
export async function checkAbout(call: Call, about: readonly About[]): Promise<void> {
  for (const { resource, id } of about)
    if (!(await FINDERS[resource](call, id)))
      throw new DomainError('reference-unknown', { field: 'about', resource });
}
