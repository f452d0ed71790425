/** Services, and who uses them. */
import { randomUUID } from 'node:crypto';
import {
  Answer,
  End,
  Id,
  MemberId,
  ServiceChange,
  ServiceContent,
  ServiceFilter,
  ServiceStep,
  UseFilter,
  WithdrawalNotice,
  type InputOf,
  type Service,
} from 'umlauf-chaincode/api';
import { z } from 'zod';
import { EXAMPLES } from '../examples.js';
import { read, write, type Route, type Self } from '../route.js';
import { ownDeclaration } from './agreements.js';
import { readsOf } from './reads.js';

const tag = 'Services';
const params = z.strictObject({ id: Id });

const NewService = ServiceContent.partial({ id: true }).meta({
  id: 'NewService',
  description: 'A service; without `id` the gateway makes one',
});

/** What every write to a service has. */
const ofService = {
  tag,
  roles: ['board'],
  location: ({ id }: { id: string }) => `/services/${id}`,
  current: {
    transaction: 'services:get',
    input: ({ id }: { id: string }) => ({ id }),
  },
} as const;
const lastStage = ({ stages }: Service) => stages.at(-1);

const USE = '/services/{service}/uses/{member}';
const use = z.strictObject({ service: Id, member: MemberId });
type UseReference = InputOf<'services:use'>;

/** What every write to a use has. */
const ofUse = {
  tag,
  params: use,
  roles: ({ params: { member }, self }: { params: { member: string }; self: Self }) =>
    member === self.memberId ? (['representative'] as const) : (['board'] as const),
  location: ({ service, member }: UseReference) => `/services/${service}/uses/${member}`,
  current: {
    transaction: 'services:use',
    input: ({ service, member }: UseReference) => ({ service, member }),
  },
  recorded: ownDeclaration,
} as const;

export const serviceRoutes: readonly Route[] = [
  ...readsOf({
    kind: 'services',
    tag,
    list: 'Services, by member, focus area, status, project and day, in the order of their first offer',
    one: 'a service',
    filter: ServiceFilter,
  }),
  write({
    ...ofService,
    method: 'post',
    path: '/services',
    summary: 'Offer an application of a public body, planned at first',
    transaction: 'services:offer',
    body: NewService,
    example: EXAMPLES.service,
    created: true,
    input: ({ body }) => ({ ...body, id: body.id ?? randomUUID() }),
    recorded: ({ offer }) => offer.recorded,
    problems: ['id-conflict', 'reference-unknown'],
  }),
  write({
    ...ofService,
    method: 'patch',
    path: '/services/{id}',
    summary: 'Change what a service is described as, what carries it and where it is',
    transaction: 'services:change',
    params,
    body: ServiceChange,
    example: EXAMPLES.serviceChange,
    input: ({ params: { id }, body }) => ({ id, ...body }),
    recorded: ({ changed, offer }) => changed ?? offer.recorded,
    problems: ['not-found', 'wrong-status', 'reference-unknown'],
  }),
  write({
    ...ofService,
    method: 'post',
    path: '/services/{id}/steps',
    summary: 'Declare that a service is tried out (`pilot`) or there for all (`available`), since a day',
    transaction: 'services:advance',
    params,
    body: ServiceStep,
    example: EXAMPLES.serviceStep,
    input: ({ params: { id }, body }) => ({ id, ...body }),
    recorded: (service) => lastStage(service)?.recorded,
    shows: (service, { status }) => lastStage(service)?.status === status,
    problems: ['not-found', 'wrong-status', 'date-out-of-range'],
  }),
  write({
    ...ofService,
    method: 'post',
    path: '/services/{id}/withdrawal-notice',
    summary: 'Announce the last day of a service',
    description:
      'The event names the members that use it. The day may be put off by another notice, never brought forward.',
    transaction: 'services:announceWithdrawal',
    params,
    body: WithdrawalNotice,
    example: EXAMPLES.withdrawalNotice,
    input: ({ params: { id }, body }) => ({ id, ...body }),
    recorded: (service) => lastStage(service)?.recorded,
    shows: (service, { on }) => service.lastDay === on,
    problems: ['not-found', 'wrong-status', 'date-out-of-range'],
  }),
  write({
    ...ofService,
    method: 'post',
    path: '/services/{id}/withdraw',
    summary: 'Withdraw a service after its announced last day',
    transaction: 'services:withdraw',
    params,
    input: ({ params: { id } }) => ({ id }),
    recorded: (service) => lastStage(service)?.recorded,
    problems: ['not-found', 'wrong-status', 'withdrawal-not-due'],
  }),
  read({
    path: '/uses',
    tag,
    summary: "Who uses which service: by service or by member, each with that side's own state",
    transaction: 'services:uses',
    query: UseFilter,
    input: ({ query }) => query,
  }),
  read({
    path: USE,
    tag,
    summary: "One member's use of a service",
    transaction: 'services:use',
    params: use,
    input: ({ params: named }) => named,
  }),
  write({
    ...ofUse,
    method: 'put',
    path: USE,
    summary: 'Ask to use a service, or invite a member to',
    description:
      "The member's representative asks, the board of the member that offers it invites; where the other side has done so already, both have agreed.",
    transaction: 'services:proposeUse',
    body: Answer,
    example: EXAMPLES.answer,
    input: ({ params: named, body }) => ({ ...named, ...body }),
    problems: ['not-found', 'wrong-status', 'reference-unknown', 'own-resource', 'too-many-rounds'],
  }),
  write({
    ...ofUse,
    method: 'post',
    path: `${USE}/accept`,
    summary: 'Accept what the other side has proposed',
    transaction: 'services:acceptUse',
    body: Answer,
    example: EXAMPLES.answer,
    input: ({ params: named, body }) => ({ ...named, ...body }),
    problems: ['not-found', 'wrong-status', 'own-resource'],
  }),
  write({
    ...ofUse,
    method: 'post',
    path: `${USE}/decline`,
    summary: 'Decline what is not agreed yet, or take it back',
    transaction: 'services:declineUse',
    input: ({ params: named }) => named,
    problems: ['not-found', 'wrong-status'],
  }),
  write({
    ...ofUse,
    method: 'post',
    path: `${USE}/end`,
    summary: 'End a use, with its last day; by either side',
    transaction: 'services:endUse',
    body: End,
    example: EXAMPLES.end,
    input: ({ params: named, body }) => ({ ...named, ...body }),
    problems: ['not-found', 'wrong-status', 'date-out-of-range'],
  }),
];
