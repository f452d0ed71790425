/** What follows from the facts recorded of a service. Nothing here is stored. */
import { DomainError } from '../errors';
import type { Held } from '../held/held';
import { holderOf } from '../held/holding';
import { legalDate } from '../time';
import type { Service, ServiceRecord, ServiceStatus } from './service';

type HeldService = Held<ServiceRecord>;

export function serviceStatus({ record, holding }: HeldService): ServiceStatus {
  return holding.woundUp ? 'withdrawn' : (record.stages.at(-1)?.status ?? 'planned');
}

/** Last day on which it is offered, once that is announced or a resolution has ended it. */
export function lastDay({ record, holding }: HeldService, zone: string): string | undefined {
  const last = record.stages.at(-1);
  if (last?.status === 'being-withdrawn' || last?.status === 'withdrawn') return last.on;
  return holding.woundUp && legalDate(holding.woundUp.recorded.at, zone);
}

/** @throws {DomainError} `wrong-status` unless it is in one of these */
export function requireStatus(service: HeldService, ...allowed: ServiceStatus[]): void {
  const status = serviceStatus(service);
  if (!allowed.includes(status))
    throw new DomainError('wrong-status', { resource: 'service', status, allowed });
}

export function serviceView(service: HeldService, zone: string): Service {
  const { endorsement, ...record } = service.record;
  const { holders, woundUp } = service.holding;
  const last = lastDay(service, zone);
  return {
    ...record,
    status: serviceStatus(service),
    memberId: holderOf(service.holding).memberId,
    members: holders,
    ...(last !== undefined && { lastDay: last }),
    ...(woundUp && { woundUp }),
    endorsements: [endorsement],
  };
}
