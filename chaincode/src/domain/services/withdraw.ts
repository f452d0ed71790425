/** A service ends in two steps: its last day is announced to those who use it, and it is withdrawn after that day. */
import type { Call } from '../call';
import { DomainError } from '../errors';
import { enterForHeld } from '../held/held';
import { serviceClosing } from '../keys';
import { checkDate } from '../register/dates';
import { putStage } from './advance';
import type { Service, WithdrawalNotice } from './service';
import { SERVICES } from './services';
import { lastDay, requireStatus, serviceView } from './status';
import { usersOf } from './uses';

/** Dates compare as text as long as years have four digits. */
const LAST_DATE = '9999-12-31';
/** An event stays small; a fact that leaves members out says how many. */
const MOST_USERS_TOLD = 200;

/**
 * The board of the member that offers it announces its last day; those who use it are told by name.
 *
 * @throws {DomainError} `not-found`, `unchanged`, `wrong-status`, `date-out-of-range` and what entering refuses
 */
export async function announceWithdrawal(
  call: Call,
  { id, on, document }: { id: string } & WithdrawalNotice,
): Promise<Service> {
  const { found, bylaws, today } = await enterForHeld(call, 'withdraw-service', SERVICES, id);
  requireStatus(found, 'planned', 'pilot', 'available', 'being-withdrawn');
  const announced = lastDay(found, bylaws.timeZone);
  if (announced === on) throw new DomainError('unchanged', { resource: 'service' });
  // Whoever relies on what was announced isn't surprised by an earlier day.
  checkDate(on, announced !== undefined && announced > today ? announced : today, LAST_DATE);
  const stage = { status: 'being-withdrawn', on, ...(document && { document }) } as const;
  const after = await putStage(call, found, stage);
  await call.ledger.put(serviceClosing(id), { status: 'being-withdrawn', on });
  await tellUsers(call, 'service.withdrawal-announced', id, on, bylaws.timeZone);
  return serviceView(after, bylaws.timeZone);
}

/**
 * The board of the member that offers it withdraws it, after the day that was announced.
 *
 * @throws {DomainError} `not-found`, `unchanged`, `wrong-status`, `withdrawal-not-due` and what entering refuses
 */
export async function withdrawService(call: Call, { id }: { id: string }): Promise<Service> {
  const { found, bylaws, today } = await enterForHeld(call, 'withdraw-service', SERVICES, id);
  const last = found.record.stages.at(-1);
  if (last?.status === 'withdrawn') throw new DomainError('unchanged', { resource: 'service' });
  requireStatus(found, 'being-withdrawn');
  const on = lastDay(found, bylaws.timeZone) ?? today;
  if (today <= on) throw new DomainError('withdrawal-not-due', { lastDay: on });
  const after = await putStage(call, found, { status: 'withdrawn', on });
  await call.ledger.put(serviceClosing(id), { status: 'withdrawn', on });
  await tellUsers(call, 'service.withdrawn', id, on, bylaws.timeZone);
  return serviceView(after, bylaws.timeZone);
}

async function tellUsers(
  call: Call,
  type: 'service.withdrawal-announced' | 'service.withdrawn',
  id: string,
  on: string,
  zone: string,
): Promise<void> {
  const users = await usersOf(call, id, zone);
  const more = users.length - MOST_USERS_TOLD;
  call.tell(type, id, { on, users: users.slice(0, MOST_USERS_TOLD), ...(more > 0 && { more }) });
}
