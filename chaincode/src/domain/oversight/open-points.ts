/** What waits for somebody, and where the register and the network disagree, in either direction. */
import type { Call } from '../call';
import type { MemberRecord } from '../member';
import { completableAfter, onRegister } from '../members/status';
import { openingReceipt, proposalReceipt } from '../keys';
import type { Key } from '../ledger';
import type { OpenPoint, OpenPointFilter } from '../open-points';
import { pageOfAll, pageOfEntries, pageOfLists, pageOfMatches } from '../paging';
import type { Page } from '../primitives';
import type { Bylaws } from '../bylaws';
import { enter } from '../register/cooperative';
import { findMemberByMsp, registeredMembers } from '../register/register';
import type { ResolutionRecord } from '../resolution';
import { type Pending, castBallots, findResolution, pendingBy, resolutionsBy } from '../resolutions/records';
import { opensFrom } from '../resolutions/receipt';
import { verdictAt } from '../resolutions/status';
import { awaitedParticipations, awaitedUses } from './awaited';
import { leftBehindPoints } from './left-behind';
import { type PointList, point } from './point';

/** For each list: a vote that is open takes a read for every ballot, and few show anything. */
const MOST_READ = 25;

/**
 * Every open point, those of members first, or those of one kind; computed anew, so a page may shift as points are
 * settled. Only what can show that kind is read, and so little of it at once that a page may be short, or empty, and go on.
 */
export async function listOpenPoints(
  call: Call,
  { kind, ...request }: OpenPointFilter,
): Promise<Page<OpenPoint>> {
  const { today, bylaws } = await enter(call, 'read');
  const members = await registeredMembers(call);
  const wanted = (each: OpenPoint['kind']) => kind === undefined || each === kind;
  /** What is computed as a whole: no more than there are members and organizations. */
  const computed = (
    name: string,
    kinds: PointList['kinds'],
    points: () => OpenPoint[] | Promise<OpenPoint[]>,
  ): PointList => ({
    name,
    kinds,
    page: async (of) =>
      pageOfAll(
        (await points()).filter((each) => wanted(each.kind)),
        of,
      ),
  });
  const lists: PointList[] = [
    computed('members', ['member-not-on-network', 'receipt-due', 'ending-due'], () =>
      members.flatMap((member) => memberPoints(member, today)),
    ),
    computed('organizations', ['organization-not-covered'], () => uncoveredOrganizations(call, members)),
    resolutionPoints(call, 'open', 'receipt-due', ({ id }) => missingReceipt(call, id, openingReceipt(id))),
    resolutionPoints(call, 'open', 'resolution-due', (record) => decidablePoint(call, record)),
    resolutionPoints(call, 'proposed', 'receipt-due', ({ id }) =>
      missingReceipt(call, id, proposalReceipt(id)),
    ),
    resolutionPoints(call, 'proposed', 'opening-due', (record) => openablePoint(call, bylaws, record)),
    pendingPoints(call, 'registration'),
    pendingPoints(call, 'dispatch'),
    ...(await leftBehindPoints(call, today)),
    awaitedParticipations(call, bylaws.timeZone),
    awaitedUses(call, bylaws.timeZone),
  ];
  return pageOfLists(
    lists.filter(({ kinds }) => kinds.some(wanted)),
    { ...request, mostRead: MOST_READ },
  );
}

/** An admitted member blocks what needs all on the roll until its organization has joined. */
function memberPoints(record: MemberRecord, today: string): OpenPoint[] {
  const { id: memberId, mspId } = record;
  const last = completableAfter(record);
  return [
    ...(record.joined
      ? []
      : [
          point(
            'member-not-on-network',
            memberId,
            'The member is admitted, but its organization has not joined the network: it cannot vote, which blocks what needs all members.',
            { memberId, mspId },
          ),
        ]),
    ...(record.resignation && !record.resignation.received ? [receiptPoint(memberId, { memberId })] : []),
    ...(last !== undefined && today > last
      ? [
          point('ending-due', memberId, `The membership ended on ${last} and can be completed.`, {
            memberId,
            mspId,
          }),
        ]
      : []),
  ];
}

async function uncoveredOrganizations(call: Call, members: readonly MemberRecord[]): Promise<OpenPoint[]> {
  const covered = new Set(members.map(({ mspId }) => mspId));
  const organizations = [...(await call.network.organizations()).keys()].sort();
  return Promise.all(
    organizations
      .filter((mspId) => !covered.has(mspId))
      .map(async (mspId) => {
        const record = await findMemberByMsp(call, mspId);
        const former = record && record.admission && !onRegister(record);
        return point(
          'organization-not-covered',
          mspId,
          former
            ? 'The organization is on the network although its membership has ended.'
            : 'The organization is on the network, but no resolution has admitted it.',
          { mspId, ...(record && { memberId: record.id }) },
        );
      }),
  );
}

const receiptPoint = (
  subject: string,
  about: Pick<OpenPoint, 'memberId' | 'resolutionId'> = { resolutionId: subject },
): OpenPoint =>
  point(
    'receipt-due',
    subject,
    'It is not recorded yet when this reached the others, from which the period runs.',
    about,
  );

/** A point for each resolution of a status that has one of a kind. */
const resolutionPoints = (
  call: Call,
  status: 'open' | 'proposed',
  kind: OpenPoint['kind'],
  pointOf: (record: ResolutionRecord) => Promise<OpenPoint | undefined>,
): PointList => ({
  name: `${status}-${kind}`,
  kinds: [kind],
  page: (request) =>
    pageOfMatches(call.ledger, resolutionsBy(status), request, async ({ parts }) => {
      const record = await findResolution(call, parts.at(-1) ?? '');
      return record && pointOf(record);
    }),
});

async function missingReceipt(call: Call, id: string, receipt: Key<unknown>): Promise<OpenPoint | undefined> {
  return (await call.ledger.get(receipt)) ? undefined : receiptPoint(id);
}

async function decidablePoint(call: Call, record: ResolutionRecord): Promise<OpenPoint | undefined> {
  const { id, opening } = record;
  if (!opening) return undefined;
  const receipt = await call.ledger.get(openingReceipt(id));
  const ballots = await castBallots(call, record, opening);
  return verdictAt({ ...record, opening }, ballots, receipt, call.at)
    ? point('resolution-due', id, 'The vote can be decided.', { resolutionId: id })
    : undefined;
}

async function openablePoint(
  call: Call,
  bylaws: Bylaws,
  record: ResolutionRecord,
): Promise<OpenPoint | undefined> {
  const { id } = record;
  const from = opensFrom(record, await call.ledger.get(proposalReceipt(id)), bylaws);
  return from !== undefined && call.at >= from
    ? point('opening-due', id, `Voting could have been opened since ${from}.`, { resolutionId: id })
    : undefined;
}

const PENDING: Record<Pending, { readonly kind: OpenPoint['kind']; readonly detail: string }> = {
  registration: { kind: 'registration-due', detail: 'The amendment waits for its registration since' },
  dispatch: { kind: 'dispatch-due', detail: 'The exclusion waits for its dispatch to the member since' },
};

function pendingPoints(call: Call, pending: Pending): PointList {
  const { kind, detail } = PENDING[pending];
  return {
    name: pending,
    kinds: [kind],
    page: (request) =>
      pageOfEntries(call.ledger, pendingBy(pending), request, async ({ parts }) => {
        const resolutionId = parts.at(-1) ?? '';
        const record = await findResolution(call, resolutionId);
        const since = record?.decision?.recorded.at ?? '';
        return point(kind, resolutionId, `${detail} ${since}.`, { resolutionId });
      }),
  };
}
