/** Announcements, from draft to release. */
import { randomUUID } from 'node:crypto';
import { AnnouncementContent, AnnouncementFilter, Id, inSameLanguages } from 'umlauf-chaincode/api';
import { z } from 'zod';
import { EXAMPLES } from '../examples.js';
import { write, type Route } from '../route.js';
import { readsOf } from './reads.js';

const tag = 'Announcements';
const params = z.strictObject({ id: Id });
const location = ({ id }: { id: string }) => `/announcements/${id}`;
const current = {
  transaction: 'announcements:get',
  input: ({ id }: { id: string }) => ({ id }),
} as const;

const NewAnnouncement = inSameLanguages(AnnouncementContent.extend({ id: Id.optional() })).meta({
  id: 'NewAnnouncement',
  description: 'A draft of what the cooperative is to tell the public; without `id` the gateway makes one',
});

export const announcementRoutes: readonly Route[] = [
  ...readsOf({
    kind: 'announcements',
    tag,
    list: 'Announcements and drafts, by status, member, day and what they are about',
    one: 'an announcement',
    filter: AnnouncementFilter,
  }),
  write({
    method: 'post',
    path: '/announcements',
    tag,
    summary: 'Draft an announcement',
    description:
      'It is kept whole, and read by the public once it is released. It is never changed: another corrects it.',
    transaction: 'announcements:draft',
    body: NewAnnouncement,
    example: EXAMPLES.announcement,
    created: true,
    roles: ['board'],
    input: ({ body }) => ({ ...body, id: body.id ?? randomUUID() }),
    location,
    current,
    recorded: ({ draft }) => draft.recorded,
    problems: ['id-conflict', 'reference-unknown', 'wrong-status'],
  }),
  write({
    method: 'post',
    path: '/announcements/{id}/withdraw',
    tag,
    summary: 'Take a draft back',
    transaction: 'announcements:withdraw',
    params,
    roles: ['board'],
    input: ({ params: { id } }) => ({ id }),
    location,
    current,
    recorded: ({ withdrawal }) => withdrawal,
    problems: ['not-found', 'wrong-status', 'target-claimed'],
  }),
  write({
    method: 'post',
    path: '/announcements/{id}/release',
    tag,
    summary: 'Release a draft to the public',
    description: 'By a board-holding organization; a resolution does it by its effect `announce`.',
    transaction: 'announcements:release',
    params,
    roles: ['board'],
    input: ({ params: { id } }) => ({ id }),
    location,
    current,
    recorded: ({ release }) => release?.recorded,
    problems: ['not-found', 'wrong-status', 'target-claimed'],
  }),
];
