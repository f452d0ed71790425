/** Services on the ledger. */
import { combinations } from '../indexing';
import type { HeldKind } from '../held/held';
import { holderOf } from '../held/holding';
import { indexPrefix } from '../keys';
import type { ServiceRecord, ServiceStatus } from './service';
import { serviceStatus } from './status';

/** In the order in which they were offered first. */
export const SERVICES: HeldKind<ServiceRecord> = {
  resource: 'service',
  facets: (held) =>
    combinations(
      [holderOf(held.holding).memberId],
      held.record.focusAreas,
      [serviceStatus(held)],
      held.record.project === undefined ? [] : [held.record.project],
    ),
  sort: ({ id, offer }) => [offer.recorded.at, id],
};

export const servicesBy = (member?: string, focusArea?: string, status?: ServiceStatus, project?: string) =>
  indexPrefix('service', [member, focusArea, status, project]);
