/** The register of members. */
import { randomUUID } from 'node:crypto';
import {
  MemberApplication,
  MemberChange,
  MemberFilter,
  MemberId,
  Resignation,
  type Member,
} from 'umlauf-chaincode/api';
import { z } from 'zod';
import { EXAMPLES } from '../examples.js';
import { write, type Route } from '../route.js';
import { readsOf } from './reads.js';

const tag = 'Members';
const params = z.strictObject({ id: MemberId });
const location = ({ id }: { id: string }) => `/members/${id}`;
const current = {
  transaction: 'members:get',
  input: ({ id }: { id: string }) => ({ id }),
} as const;

const Application = MemberApplication.partial({ id: true }).meta({
  id: 'NewMember',
  description: 'An application; without `id` the gateway makes one',
});

export const memberRoutes: readonly Route[] = [
  ...readsOf({
    kind: 'members',
    tag,
    list: 'The register: every record, or those of a status or level, also at a day',
    one: 'a member',
    filter: MemberFilter,
  }),
  write({
    method: 'post',
    path: '/members',
    tag,
    summary: 'File the application of a body that is no member yet',
    description:
      'An applicant has no organization on the network: the board of an admitted member files its application.',
    transaction: 'members:apply',
    body: Application,
    example: EXAMPLES.application,
    created: true,
    roles: ['board'],
    input: ({ body }) => ({ ...body, id: body.id ?? randomUUID() }),
    location,
    current,
    recorded: (member) => member.application?.recorded,
    // After a withdrawal or rejection the same may have applied again.
    shows: ({ status }) => status !== 'withdrawn' && status !== 'rejected',
    problems: ['id-conflict', 'msp-id-taken'],
  }),
  write({
    method: 'post',
    path: '/members/{id}/withdraw',
    tag,
    summary: 'Take an application back',
    transaction: 'members:withdraw',
    params,
    roles: ['board'],
    input: ({ params: { id } }) => ({ id }),
    location,
    current,
    recorded: (member) => member.withdrawal,
    problems: ['not-found', 'wrong-status', 'target-claimed'],
  }),
  write({
    method: 'patch',
    path: '/members/{id}',
    tag,
    summary: 'Change the office that represents the member, or its operator',
    transaction: 'members:change',
    params,
    body: MemberChange,
    example: EXAMPLES.change,
    roles: ['board'],
    input: ({ params: { id }, body }) => ({ id, change: body }),
    location,
    current,
    recorded: (member: Member) => member.representation.at(-1)?.recorded,
    shows: ({ office, operator }, { change }) =>
      (change.office === undefined || change.office === office) &&
      (change.operator === undefined || (change.operator ?? undefined) === operator),
    problems: ['not-found', 'wrong-status'],
  }),
  write({
    method: 'post',
    path: '/members/{id}/joined',
    tag,
    summary: "Record that a member's organization is on the network",
    transaction: 'members:confirmJoined',
    params,
    roles: ['board', 'representative'],
    input: ({ params: { id } }) => ({ id }),
    location,
    current,
    readBack: true,
    recorded: (member) => member.joined,
    problems: ['not-found', 'wrong-status', 'member-not-on-network'],
  }),
  write({
    method: 'post',
    path: '/members/{id}/resignation',
    tag,
    summary: 'Resign (Kündigung), to the end of a financial year',
    description:
      "By the member's representative. For a member that never joined, by the board of the member that filed its application, with the document.",
    transaction: 'members:resign',
    params,
    body: Resignation,
    example: EXAMPLES.resignation,
    roles: ({ params: { id }, self }) => (id === self.memberId ? ['representative'] : ['board']),
    input: ({ params: { id }, body }) => ({ id, ...body }),
    location,
    current,
    readBack: true,
    recorded: (member) => member.resignation?.recorded,
    problems: ['not-found', 'wrong-status', 'document-required'],
  }),
  write({
    method: 'post',
    path: '/members/{id}/receipt',
    tag,
    summary: 'Record that a resignation has reached the others',
    description:
      'One that is received late counts from here (§130 BGB). Every gateway does so by itself; repeating is harmless.',
    transaction: 'members:receive',
    params,
    roles: ['board', 'representative'],
    input: ({ params: { id } }) => ({ id }),
    location,
    current,
    readBack: true,
    recorded: (member) => member.resignation?.received,
    problems: ['not-found', 'wrong-status'],
  }),
  write({
    method: 'post',
    path: '/members/{id}/end',
    tag,
    summary: 'Complete an ending whose day has passed',
    transaction: 'members:completeEnding',
    params,
    roles: ['board', 'representative'],
    input: ({ params: { id } }) => ({ id }),
    location,
    current,
    readBack: true,
    recorded: (member) => member.completed,
    problems: ['not-found', 'wrong-status', 'ending-not-due', 'not-received'],
  }),
];
