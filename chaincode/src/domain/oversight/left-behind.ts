/** What members left behind: nobody can change it until a resolution hands it over or ends it. */
import type { Call } from '../call';
import { type Held, type HeldKind, type HeldRecord, heldOfEntry } from '../held/held';
import type { Prefix } from '../ledger';
import type { MemberRecord } from '../member';
import { membership } from '../members/status';
import type { OpenPoint } from '../open-points';
import { PROJECTS, projectsBy } from '../projects/projects';
import { projectStatus } from '../projects/status';
import { getMember, membersBy } from '../register/register';
import { SERVICES, servicesBy } from '../services/services';
import { serviceStatus } from '../services/status';
import { point } from './point';

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

export async function projectsWithoutLead(call: Call, today: string): Promise<OpenPoint[]> {
  const without = await leftBehind(call, today, PROJECTS, projectsBy, (held) =>
    ['ended', 'stopped'].includes(projectStatus(held)),
  );
  const detail = 'The project is led by a member whose membership is over.';
  return without.map(({ memberId, id }) =>
    point('project-without-lead', id, detail, { memberId, projectId: id }),
  );
}

export async function servicesWithoutOperator(call: Call, today: string): Promise<OpenPoint[]> {
  const without = await leftBehind(
    call,
    today,
    SERVICES,
    servicesBy,
    (held) => serviceStatus(held) === 'withdrawn',
  );
  const detail = 'The service is offered by a member whose membership is over.';
  return without.map(({ memberId, id }) =>
    point('service-without-operator', id, detail, { memberId, serviceId: id }),
  );
}
