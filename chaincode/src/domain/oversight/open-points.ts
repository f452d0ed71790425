/** What waits for somebody, and where the register and the network disagree, in either direction. */
import type { Call } from '../call';
import type { MemberRecord } from '../member';
import { completableAfter, membership, onRegister } from '../members/status';
import { agreementsAwaiting } from '../agreements/records';
import { type HeldKind, type HeldRecord, type Held, heldOfEntry } from '../held/held';
import { openingReceipt, proposalReceipt } from '../keys';
import type { Prefix } from '../ledger';
import { PROJECTS, projectsBy } from '../projects/projects';
import { projectStatus } from '../projects/status';
import type { OpenPoint } from '../open-points';
import { type PageRequest, pageOfAll } from '../paging';
import type { Page } from '../primitives';
import type { Bylaws } from '../bylaws';
import { enter } from '../register/cooperative';
import { findMemberByMsp, getMember, membersBy, registeredMembers } from '../register/register';
import type { ResolutionRecord } from '../resolution';
import { type Pending, castBallots, findResolution, pendingBy, resolutionsBy } from '../resolutions/records';
import { opensFrom } from '../resolutions/receipt';
import { verdictAt } from '../resolutions/status';

/** Every open point, those of members first; computed anew, so a page may shift as points are settled. */
export async function listOpenPoints(call: Call, request: PageRequest): Promise<Page<OpenPoint>> {
  const { today, bylaws } = await enter(call, 'read');
  const members = await registeredMembers(call);
  const points = await Promise.all([
    uncoveredOrganizations(call, members),
    openPoints(call),
    proposedPoints(call, bylaws),
    pendingPoints(call, 'registration'),
    pendingPoints(call, 'dispatch'),
    projectPoints(call, today),
    participationPoints(call),
  ]);
  return pageOfAll([...members.flatMap((member) => memberPoints(member, today)), ...points.flat()], request);
}

type About = Partial<Omit<OpenPoint, 'id' | 'status' | 'kind' | 'detail'>>;

const point = (kind: OpenPoint['kind'], subject: string, detail: string, about: About): OpenPoint => ({
  id: `${kind}.${subject}`,
  status: 'open',
  kind,
  ...about,
  detail,
});

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

async function openPoints(call: Call): Promise<OpenPoint[]> {
  const points: OpenPoint[] = [];
  for (const record of await resolutionsIn(call, 'open')) {
    const { id, opening } = record;
    if (!opening) continue;
    const receipt = await call.ledger.get(openingReceipt(id));
    if (!receipt) points.push(receiptPoint(id));
    const ballots = await castBallots(call, record, opening);
    if (verdictAt({ ...record, opening }, ballots, receipt, call.at))
      points.push(point('resolution-due', id, 'The vote can be decided.', { resolutionId: id }));
  }
  return points;
}

async function proposedPoints(call: Call, bylaws: Bylaws): Promise<OpenPoint[]> {
  const points: OpenPoint[] = [];
  for (const record of await resolutionsIn(call, 'proposed')) {
    const { id } = record;
    const receipt = await call.ledger.get(proposalReceipt(id));
    if (!receipt) points.push(receiptPoint(id));
    const from = opensFrom(record, receipt, bylaws);
    if (from !== undefined && call.at >= from)
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

/** Members whose membership is over, completed or not: what they held is left behind. */
async function departed(call: Call, today: string): Promise<MemberRecord[]> {
  const entries = [
    ...(await call.ledger.range(membersBy('ending'))),
    ...(await call.ledger.range(membersBy('former'))),
  ];
  const records = await Promise.all(entries.map(({ parts }) => getMember(call, parts.at(-1) ?? '')));
  return records.filter((record) => membership(record, today) === 'outside');
}

/** What the departed still hold, as far as it isn't over. */
async function leftBehind<R extends HeldRecord>(
  call: Call,
  today: string,
  kind: HeldKind<R>,
  by: (memberId: string) => Prefix<unknown>,
  isOver: (held: Held<R>) => boolean,
): Promise<{ readonly memberId: string; readonly id: string }[]> {
  const found = [];
  for (const { id: memberId } of await departed(call, today))
    for (const entry of await call.ledger.range(by(memberId))) {
      const held = await heldOfEntry(call, kind, entry);
      if (!isOver(held)) found.push({ memberId, id: held.record.id });
    }
  return found;
}

async function projectPoints(call: Call, today: string): Promise<OpenPoint[]> {
  const without = await leftBehind(
    call,
    today,
    PROJECTS,
    (memberId) => projectsBy(memberId, undefined, undefined),
    (held) => ['ended', 'stopped'].includes(projectStatus(held)),
  );
  return without.map(({ memberId, id }) =>
    point('project-without-lead', id, 'The project is led by a member whose membership is over.', {
      memberId,
      projectId: id,
    }),
  );
}

async function participationPoints(call: Call): Promise<OpenPoint[]> {
  const entries = await call.ledger.range(agreementsAwaiting('participation'));
  return entries.map(({ parts }) => {
    const [projectId = '', memberId = '', role = ''] = parts.slice(-3);
    return point(
      'participation-awaiting',
      [projectId, memberId, role].join('.'),
      `The participation as ${role} waits for the answer of one side.`,
      { projectId, memberId },
    );
  });
}
