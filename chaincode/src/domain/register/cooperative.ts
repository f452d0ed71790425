/** The cooperative as an act finds it: the bylaws in force, the day, and where the caller's organization stands. */
import { ACTS, type ActName, type Standing, authorize } from '../acts';
import type { Bylaws } from '../bylaws';
import { type Call, SKEW_BEFORE_FOUNDATION, checkTimestamp } from '../call';
import { DomainError } from '../errors';
import { bylawsInForce } from '../keys';
import type { MemberRecord } from '../member';
import { canHoldBoard, membership } from '../members/status';
import { addDuration, legalDate } from '../time';
import { getBylaws } from './bylaws-versions';
import { findMember, findMemberByMsp } from './register';

export interface Cooperative {
  readonly version: string;
  readonly bylaws: Bylaws;
  /** The day of the call in the bylaws' time zone. */
  readonly today: string;
  /** The caller's record, if the register knows its MSP id in whatever status. */
  readonly callerRecord: MemberRecord | undefined;
}

/** What an act concerns, as far as it bears on who may do it. */
export interface Subject {
  /** The member concerned. */
  readonly memberId?: string;
  /** The member that filed or proposed it. */
  readonly filedBy?: string;
  /** Since when a board-holding organization could have done it; `actWithin` later the board of any member may. */
  readonly possibleSince?: string;
}

/**
 * Enters the cooperative for an act: founded, the timestamp within the skew in force, the caller allowed to.
 *
 * @throws {DomainError} `not-founded`, `timestamp-off`, `role-not-allowed`, `organization-not-allowed`,
 *   `reserved-for-board-holding`
 */
export async function enter(call: Call, act: ActName, subject: Subject = {}): Promise<Cooperative> {
  const cooperative = await findCooperative(call);
  await permit(call, cooperative, act, subject);
  return cooperative;
}

/** The act, where what is found and who calls decide which one it is. */
type ActOn<T> = ActName | ((found: T | undefined, cooperative: Cooperative) => ActName);

/**
 * Enters for an act on something on the ledger, whose act it is depending on what is found there.
 *
 * @param resource what it is called in `not-found`, which only those learn who could do the act at best.
 * @throws {DomainError} as {@link enter}, and `not-found`
 */
export async function enterFor<T>(
  call: Call,
  actOn: ActOn<T>,
  resource: string,
  find: () => Promise<T | undefined>,
  subjectOf: (found: T, cooperative: Cooperative) => Subject = () => ({}),
): Promise<Cooperative & { found: T }> {
  const cooperative = await findCooperative(call);
  const found = await find();
  const act = typeof actOn === 'function' ? actOn(found, cooperative) : actOn;
  if (found === undefined) {
    const own = membership(cooperative.callerRecord, cooperative.today);
    const best = { itself: true, filed: true, boardHolding: true, onRoll: own !== 'outside' };
    authorize(act, call.caller.role, { membership: own, ...best }, call.at);
    throw new DomainError('not-found', { resource });
  }
  await permit(call, cooperative, act, subjectOf(found, cooperative));
  return { ...cooperative, found };
}

async function findCooperative(call: Call): Promise<Cooperative> {
  const inForce = await call.ledger.get(bylawsInForce);
  if (!inForce) {
    checkTimestamp(call, SKEW_BEFORE_FOUNDATION);
    throw new DomainError('not-founded');
  }
  const { bylaws } = await getBylaws(call, inForce.version);
  checkTimestamp(call, bylaws.skew);
  return {
    version: inForce.version,
    bylaws,
    today: legalDate(call.at, bylaws.timeZone),
    callerRecord: await findMemberByMsp(call, call.caller.mspId),
  };
}

async function permit(
  call: Call,
  cooperative: Cooperative,
  act: ActName,
  subject: Subject = {},
): Promise<void> {
  authorize(act, call.caller.role, await standing(call, cooperative, act, subject), call.at);
}

/** Reads of the register only what the act's relation turns on: every key read can conflict. */
async function standing(
  call: Call,
  { bylaws, today, callerRecord }: Cooperative,
  act: ActName,
  { memberId, filedBy, possibleSince }: Subject,
): Promise<Standing> {
  const id = callerRecord?.id;
  const { of } = ACTS[act];
  const forBoard = of === 'board-holding-member' || of === 'board-holding-member-only';
  const filerLeft =
    filedBy !== undefined &&
    filedBy !== id &&
    membership(await findMember(call, filedBy), today) !== 'member';
  const holding = forBoard || filerLeft ? await boardHolding(call, bylaws, today) : undefined;
  return {
    membership: membership(callerRecord, today),
    itself: id !== undefined && id === memberId,
    filed: id !== undefined && id === filedBy,
    filerLeft,
    boardHolding: id !== undefined && holding?.includes(id) === true,
    noBoardHolding: holding?.length === 0,
    ...(possibleSince !== undefined && {
      openToAllFrom: addDuration(possibleSince, bylaws.actWithin, bylaws.timeZone),
    }),
  };
}

/** The board-holding members that can act: admitted and joined. */
export async function boardHolding(call: Call, bylaws: Bylaws, today: string): Promise<string[]> {
  const records = await Promise.all(bylaws.boardHolding.map((id) => findMember(call, id)));
  return bylaws.boardHolding.filter((_id, index) => canHoldBoard(records[index], today));
}

/** The id of the member whose office is calling, in an act that only a member's office may do. */
export function callersMember({ callerRecord }: Cooperative): string {
  if (!callerRecord) throw new Error('an organization unknown to the register was not refused');
  return callerRecord.id;
}
