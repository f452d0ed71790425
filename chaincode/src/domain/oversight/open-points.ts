/** What waits for somebody, and where the register and the network disagree, in either direction. */
import type { Call } from '../call';
import type { MemberRecord } from '../member';
import { completableAfter, onRegister } from '../members/status';
import { openingReceipt, proposalReceipt } from '../keys';
import type { OpenPoint, OpenPointFilter } from '../open-points';
import { pageOfAll, pageOfLists } from '../paging';
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

/**
 * Every open point, those of members first, or those of one kind; computed anew, so a page may shift as points are
 * settled. Only what can show that kind is read.
 */
export async function listOpenPoints(
  call: Call,
  { kind, ...request }: OpenPointFilter,
): Promise<Page<OpenPoint>> {
  const { today, bylaws } = await enter(call, 'read');
  const members = await registeredMembers(call);
  const wanted: Wanted = (each) => kind === undefined || each === kind;
  /** What is computed as a whole: no more than there are members, organizations and pending resolutions. */
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
    computed('open', ['receipt-due', 'resolution-due'], () => openPoints(call, wanted)),
    computed('proposed', ['receipt-due', 'opening-due'], () => proposedPoints(call, bylaws, wanted)),
    computed('registration', ['registration-due'], () => pendingPoints(call, 'registration')),
    computed('dispatch', ['dispatch-due'], () => pendingPoints(call, 'dispatch')),
    ...(await leftBehindPoints(call, today)),
    awaitedParticipations(call, bylaws.timeZone),
    awaitedUses(call, bylaws.timeZone),
  ];
  return pageOfLists(
    lists.filter(({ kinds }) => kinds.some(wanted)),
    request,
  );
}

/** Whether points of a kind are asked for. */
type Wanted = (kind: OpenPoint['kind']) => boolean;

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

async function resolutionsIn(call: Call, status: 'open' | 'proposed'): Promise<ResolutionRecord[]> {
  const entries = await call.ledger.range(resolutionsBy(status));
  const records = await Promise.all(entries.map(({ parts }) => findResolution(call, parts.at(-1) ?? '')));
  return records.filter((record) => record !== undefined);
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

/** Each vote that is open: its receipt is asked for often, and the ballots, one key each, only to see whether they decide. */
async function openPoints(call: Call, wanted: Wanted): Promise<OpenPoint[]> {
  const points: OpenPoint[] = [];
  for (const record of await resolutionsIn(call, 'open')) {
    const { id, opening } = record;
    if (!opening) continue;
    const receipt = await call.ledger.get(openingReceipt(id));
    if (!receipt && wanted('receipt-due')) points.push(receiptPoint(id));
    if (!wanted('resolution-due')) continue;
    const ballots = await castBallots(call, record, opening);
    if (verdictAt({ ...record, opening }, ballots, receipt, call.at))
      points.push(point('resolution-due', id, 'The vote can be decided.', { resolutionId: id }));
  }
  return points;
}

async function proposedPoints(call: Call, bylaws: Bylaws, wanted: Wanted): Promise<OpenPoint[]> {
  const points: OpenPoint[] = [];
  for (const record of await resolutionsIn(call, 'proposed')) {
    const { id } = record;
    const receipt = await call.ledger.get(proposalReceipt(id));
    if (!receipt && wanted('receipt-due')) points.push(receiptPoint(id));
    const from = opensFrom(record, receipt, bylaws);
    if (from !== undefined && call.at >= from && wanted('opening-due'))
      points.push(
        point('opening-due', id, `Voting could have been opened since ${from}.`, { resolutionId: id }),
      );
  }
  return points;
}

const PENDING: Record<Pending, { readonly kind: OpenPoint['kind']; readonly detail: string }> = {
  registration: { kind: 'registration-due', detail: 'The amendment waits for its registration since' },
  dispatch: { kind: 'dispatch-due', detail: 'The exclusion waits for its dispatch to the member since' },
};

async function pendingPoints(call: Call, pending: Pending): Promise<OpenPoint[]> {
  const { kind, detail } = PENDING[pending];
  const entries = await call.ledger.range(pendingBy(pending));
  return Promise.all(
    entries.map(async ({ parts }) => {
      const resolutionId = parts.at(-1) ?? '';
      const record = await findResolution(call, resolutionId);
      const since = record?.decision?.recorded.at ?? '';
      return point(kind, resolutionId, `${detail} ${since}.`, { resolutionId });
    }),
  );
}
