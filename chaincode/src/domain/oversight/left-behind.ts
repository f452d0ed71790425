/** What members that have left still hold: nobody can change it any more, save by a resolution. */
import type { Call } from '../call';
import { HELD_RESOURCES, type HeldResource } from '../held/holding';
import { heldBy } from '../held/left-behind';
import type { MemberRecord } from '../member';
import { membership } from '../members/status';
import type { OpenPoint } from '../open-points';
import { getMember, membersBy } from '../register/register';
import { type PointList, point } from './point';

const SHOWN = {
  project: ['project-without-lead', 'The project is led by a member whose membership is over.'],
  site: ['site-of-former-member', 'The site is operated by a member whose membership is over.'],
  node: ['node-of-former-member', 'The node is operated by a member whose membership is over.'],
  service: ['service-without-operator', 'The service is offered by a member whose membership is over.'],
} as const satisfies Record<HeldResource, readonly [OpenPoint['kind'], string]>;

/** A list for each kind of resource and each member whose membership is over. */
export async function leftBehindPoints(call: Call, today: string): Promise<PointList[]> {
  const members = await departed(call, today);
  return HELD_RESOURCES.flatMap((resource) => {
    const [kind, detail] = SHOWN[resource];
    return members.map(({ id: memberId }) => ({
      name: `${resource}-of-${memberId}`,
      kinds: [kind],
      page: async (request) => {
        const { items, ...more } = await heldBy(call, resource, memberId, request);
        return {
          items: items.map((id) => point(kind, id, detail, { memberId, [`${resource}Id`]: id })),
          ...more,
        };
      },
    }));
  });
}

/**
 * Members whose membership is over, its ending completed or not: in the order of their ids, so that the lists stay in
 * place between two pages where an ending is completed.
 */
async function departed(call: Call, today: string): Promise<MemberRecord[]> {
  const entries = [
    ...(await call.ledger.range(membersBy('ending'))),
    ...(await call.ledger.range(membersBy('former'))),
  ];
  const ids = entries.map(({ parts }) => parts.at(-1) ?? '').sort();
  const records = await Promise.all(ids.map((id) => getMember(call, id)));
  return records.filter((record) => membership(record, today) === 'outside');
}
