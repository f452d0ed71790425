import { type Call, recorded } from '../call';
import { sameContent } from '../canonical';
import { DomainError } from '../errors';
import { enterForHeld, putRecord } from '../held/held';
import { requireNodes } from './offer';
import type { Service, ServiceChange, ServiceRecord } from './service';
import { SERVICES } from './services';
import { requireStatus, serviceView } from './status';

/**
 * The board of the member that offers it says anew what it does, what carries it and where it is.
 *
 * @throws {DomainError} `not-found`, `unchanged`, `wrong-status`, `reference-unknown` and what entering refuses
 */
export async function changeService(
  call: Call,
  { id, ...change }: { id: string } & ServiceChange,
): Promise<Service> {
  const { found, bylaws } = await enterForHeld(call, 'change-service', SERVICES, id);
  requireStatus(found, 'planned', 'pilot', 'available', 'being-withdrawn');
  const changed = changedTo(found.record, change);
  if (sameContent(changed, found.record)) throw new DomainError('unchanged', { resource: 'service' });
  await requireNodes(call, change.nodes ?? []);
  const after = await putRecord(call, SERVICES, found, { ...changed, changed: recorded(call) });
  call.tell('service.changed', id);
  return serviceView(after, bylaws.timeZone);
}

function changedTo(
  record: ServiceRecord,
  {
    description = record.description,
    nodes = record.nodes,
    documents = record.documents,
    address,
  }: ServiceChange,
): ServiceRecord {
  const { address: former, ...rest } = record;
  const present = address === undefined ? former : (address ?? undefined);
  return { ...rest, description, nodes, documents, ...(present !== undefined && { address: present }) };
}
