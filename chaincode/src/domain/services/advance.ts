import { type Call, recorded } from '../call';
import { DomainError } from '../errors';
import { enterForHeld, putRecord, type Held } from '../held/held';
import { checkDate, foundedOn } from '../register/dates';
import type { Service, ServiceRecord, ServiceStep, Stage } from './service';
import { SERVICES } from './services';
import { requireStatus, serviceView } from './status';

/**
 * The board of the member that offers it declares that it is tried out or there for all, since a day.
 *
 * @throws {DomainError} `not-found`, `unchanged`, `wrong-status`, `date-out-of-range` and what entering refuses
 */
export async function advanceService(
  call: Call,
  { id, status, on }: { id: string } & ServiceStep,
): Promise<Service> {
  const { found, bylaws, today } = await enterForHeld(call, 'advance-service', SERVICES, id);
  const last = found.record.stages.at(-1);
  if (last?.status === status && last.on === on) throw new DomainError('unchanged', { resource: 'service' });
  requireStatus(found, ...(status === 'pilot' ? (['planned'] as const) : (['planned', 'pilot'] as const)));
  checkDate(on, last?.on ?? (await foundedOn(call)), today);
  const after = await putStage(call, found, { status, on });
  call.tell('service.advanced', id, { status, on });
  return serviceView(after, bylaws.timeZone);
}

/** Adds what was declared to the record. */
export function putStage(
  call: Call,
  service: Held<ServiceRecord>,
  stage: Omit<Stage, 'recorded'>,
): Promise<Held<ServiceRecord>> {
  const { record } = service;
  const stages = [...record.stages, { ...stage, recorded: recorded(call) }];
  return putRecord(call, SERVICES, service, { ...record, stages });
}
