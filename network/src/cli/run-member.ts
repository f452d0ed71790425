import type { Client, Input, Output } from 'umlauf-client';
import { act, jsonOf, whole, type ActOptions } from './member-act.js';
import { listed, table } from './table.js';

export interface MemberListOptions extends ActOptions {
  readonly status?: string;
  readonly level?: string;
  readonly at?: string;
}

type Member = Output<'members-get'>;

/** Prints the register; what is no status, level or date the gateway refuses, and says what is allowed. */
export function listMembers(options: MemberListOptions): Promise<void> {
  const { status, level, at } = options;
  const filter = { status, level, at, limit: 200 } as Input<'members-list'>;
  const list = (client: Client) => whole((bookmark) => client.members.list({ ...filter, bookmark }));
  return act(options, 'auditor', list, (members: Member[]) =>
    table(
      ['MEMBER', 'STATUS', 'LEVELS', 'JOINED', 'NAME'],
      members.map(({ id, status: has, levels, joinedAt, legalName }) => [
        ...[id, has, levels.join(', '), joinedAt?.slice(0, 10) ?? '', legalName],
      ]),
    ),
  );
}

/** Prints one member. */
export function showMember(id: string, options: ActOptions): Promise<void> {
  return act(options, 'auditor', (client) => client.members.get({ id }), describeMember);
}

/** Files an application. */
export function apply(file: string, options: ActOptions): Promise<void> {
  const application = jsonOf(file) as Input<'members-apply'>;
  return act(options, 'board', (client, call) => client.members.apply(application, call), describeMember);
}

function describeMember(member: Member): string {
  const { id, status, legalName, levels, category, office, operator, mspId, admission, joinedAt, endsOn } =
    member;
  const by = admission && ('resolutionId' in admission ? admission.resolutionId : 'the foundation');
  return listed([
    ['member', id],
    ['status', status],
    ['name', legalName],
    ['levels', levels.join(', ')],
    ['category', category],
    ['office', office],
    ['operator', operator],
    ['organization', mspId],
    ['admitted', admission && `${admission.effectiveAt} by ${by}`],
    ['joined', joinedAt],
    ['ends on', endsOn],
  ]);
}
