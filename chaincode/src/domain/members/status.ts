/** What follows from the facts recorded of a member. Nothing here is stored. */
import type { Membership } from '../acts';
import type { Member, MemberFacts, MemberRecord, MemberStatus, Representation } from '../member';
import { legalDate } from '../time';
import { representedNow } from './representation';

/** Last day of the membership, once it is ending: the earlier of resignation and exclusion. */
export function endsOn({ resignation, exclusion }: MemberRecord): string | undefined {
  return [resignation?.effectiveAt, exclusion?.effectiveAt].filter((day) => day !== undefined).sort()[0];
}

/** Last day after which the ending can be completed: a resignation counts only once it was received. */
export function completableAfter({ resignation, exclusion }: MemberRecord): string | undefined {
  return [resignation?.received && resignation.effectiveAt, exclusion?.effectiveAt]
    .filter((day) => day !== undefined)
    .sort()[0];
}

export function memberStatus(record: MemberRecord): MemberStatus {
  if (record.completed) return 'former';
  if (record.admission) return record.resignation || record.exclusion ? 'ending' : 'admitted';
  if (record.rejection) return 'rejected';
  return record.withdrawal ? 'withdrawn' : 'applied';
}

/** Whether its application is undecided, or it was ever admitted: then its id and MSP id are taken. */
export function holdsIdentity(record: MemberRecord): boolean {
  return record.admission !== undefined || memberStatus(record) === 'applied';
}

/** Admitted or ending, its ending not completed. */
export function onRegister(record: MemberRecord): boolean {
  return record.admission !== undefined && !record.completed;
}

/** Where the organization stands on a day: from the day after its last it is outside, completed or not. */
export function membership(record: MemberRecord | undefined, today: string): Membership {
  if (!record || !onRegister(record)) return 'outside';
  const last = endsOn(record);
  if (last !== undefined && today > last) return 'outside';
  return record.exclusion?.dispatched ? 'excluded' : 'member';
}

/** Whether its board can act for the cooperative on a day: a member whose organization is on the network. */
export function canHoldBoard(record: MemberRecord | undefined, today: string): boolean {
  return record?.joined !== undefined && membership(record, today) === 'member';
}

/** Whether it is on the roll of a vote opened at the instant; joined or not (§68(2) GenG for the exclusion). */
export function entitledToVote(record: MemberRecord, at: string, zone: string): boolean {
  return (
    record.admission !== undefined &&
    record.admission.effectiveAt <= at &&
    membership(record, legalDate(at, zone)) === 'member'
  );
}

/**
 * The status on a past day, by the legally effective dates: a membership is over on the day after its last, whenever
 * that was recorded. Absent where nothing had been filed by then.
 *
 * @param date calendar day in the zone; facts of the day itself count.
 */
export function memberStatusAt(record: MemberRecord, date: string, zone: string): MemberStatus | undefined {
  const by = (instant: string | undefined) => instant !== undefined && legalDate(instant, zone) <= date;
  if (by(record.admission?.effectiveAt)) {
    const last = endsOn(record);
    if (last !== undefined && date > last) return 'former';
    return by(record.resignation?.recorded.at) || by(record.exclusion?.decidedAt) ? 'ending' : 'admitted';
  }
  const applications = [
    ...(record.earlierApplications ?? []),
    ...(record.application
      ? [
          {
            application: record.application,
            withdrawal: record.withdrawal,
            rejection: record.rejection,
          },
        ]
      : []),
  ];
  const filed = applications.filter(({ application }) => by(application.recorded.at)).at(-1);
  if (!filed) return undefined;
  if (by(filed.rejection?.recorded.at)) return 'rejected';
  return by(filed.withdrawal?.at) ? 'withdrawn' : 'applied';
}

/** The record with what follows from it and who represents the member. */
export function memberView(record: MemberRecord, representation: Representation): Member {
  return { ...memberFacts(record), ...representedNow(representation), representation };
}

/** The record with what follows from it. */
export function memberFacts(record: MemberRecord): MemberFacts {
  const last = endsOn(record);
  return {
    ...record,
    status: memberStatus(record),
    ...(record.joined && { joinedAt: record.joined.at }),
    ...(last !== undefined && { endsOn: last }),
  };
}
