import type { Call } from '../call';
import { enterForHeld, heldHistory, heldOfEntry } from '../held/held';
import type { HistoryStep } from '../history';
import { type PageRequest, daysBetween, pageOfAll, pageOfEntries } from '../paging';
import type { Page } from '../primitives';
import { enter } from '../register/cooperative';
import type { Service, ServiceFilter } from './service';
import { SERVICES, servicesBy } from './services';
import { serviceView } from './status';

/** @throws {DomainError} `not-found` and what entering refuses */
export async function readService(call: Call, { id }: { id: string }): Promise<Service> {
  const { found, bylaws } = await enterForHeld(call, 'read', SERVICES, id);
  return serviceView(found, bylaws.timeZone);
}

/** In the order in which they were offered first. */
export async function listServices(call: Call, filter: ServiceFilter): Promise<Page<Service>> {
  const { bylaws } = await enter(call, 'read');
  const { member, focusArea, status, project } = filter;
  return pageOfEntries(
    call.ledger,
    servicesBy(member, focusArea, status, project),
    { ...filter, ...daysBetween(filter, bylaws.timeZone) },
    async (entry) => serviceView(await heldOfEntry(call, SERVICES, entry), bylaws.timeZone),
  );
}

/** @throws {DomainError} `not-found` and what entering refuses */
export async function serviceHistory(
  call: Call,
  { id, ...request }: { id: string } & PageRequest,
): Promise<Page<HistoryStep>> {
  const { found } = await enterForHeld(call, 'read', SERVICES, id);
  return pageOfAll(await heldHistory(call, SERVICES, found), request);
}
