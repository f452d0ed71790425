import { type Call, recorded } from '../call';
import { contentSha256 } from '../canonical';
import { createHeld, requireKnown, requireNewId } from '../held/held';
import { callersMember, enter } from '../register/cooperative';
import { requireFocusAreas } from '../register/focus-areas';
import type { Service, ServiceOffer } from './service';
import { SERVICES } from './services';
import { serviceView } from './status';

/**
 * The board of an admitted member offers an application of a public body; it is planned until its member says more.
 *
 * @throws {DomainError} `unchanged`, `id-conflict`, `reference-unknown` and what entering refuses
 */
export async function offerService(call: Call, offer: ServiceOffer): Promise<Service> {
  const cooperative = await enter(call, 'offer-service');
  const { bylaws } = cooperative;
  const sha256 = contentSha256(offer);
  await requireNewId(call, SERVICES, { id: offer.id, contentSha256: sha256 });
  requireFocusAreas(bylaws, offer.focusAreas);
  if (offer.project !== undefined) await requireKnown(call, 'project', 'project', [offer.project]);
  await requireNodes(call, offer.nodes);
  const memberId = callersMember(cooperative);
  const service = await createHeld(call, bylaws, SERVICES, memberId, {
    ...offer,
    contentSha256: sha256,
    offer: { memberId, recorded: recorded(call) },
    stages: [],
  });
  call.tell('service.offered', offer.id, { memberId });
  return serviceView(service, bylaws.timeZone);
}

/** The nodes that carry a service are declared. @throws {DomainError} `reference-unknown` */
export const requireNodes = (call: Call, nodes: readonly string[]): Promise<void> =>
  requireKnown(call, 'nodes', 'node', nodes);
