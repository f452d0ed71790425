/** Knowledge: documents that members share. */
import { randomUUID } from 'node:crypto';
import { DocumentFilter, DocumentShare, Id, Paging } from 'umlauf-chaincode/api';
import { z } from 'zod';
import { EXAMPLES } from '../examples.js';
import { read, write, type Route } from '../route.js';

const tag = 'Knowledge';
const params = z.strictObject({ id: Id });

const NewDocument = DocumentShare.partial({ id: true }).meta({
  id: 'NewDocument',
  description: 'A document that a member shares; without `id` the gateway makes one',
});

export const documentRoutes: readonly Route[] = [
  read({
    path: '/documents',
    tag,
    summary: 'Shared documents, by member, focus area, status, SHA-256 and day',
    transaction: 'documents:list',
    query: DocumentFilter,
    input: ({ query }) => query,
  }),
  read({
    path: '/documents/{id}',
    tag,
    summary: 'One shared document',
    transaction: 'documents:get',
    params,
    input: ({ params: { id } }) => ({ id }),
  }),
  read({
    path: '/documents/{id}/history',
    tag,
    summary: 'What was recorded of a shared document, in order of time',
    transaction: 'documents:history',
    params,
    query: Paging,
    input: ({ params: { id }, query }) => ({ id, ...query }),
  }),
  write({
    method: 'post',
    path: '/documents',
    tag,
    summary: 'Share a document, or a new version of one',
    description: 'The document itself stays at the member; what is recorded identifies it.',
    transaction: 'documents:share',
    body: NewDocument,
    example: EXAMPLES.document,
    created: true,
    roles: ['board'],
    input: ({ body }) => ({ ...body, id: body.id ?? randomUUID() }),
    location: ({ id }) => `/documents/${id}`,
    current: { transaction: 'documents:get', input: ({ id }) => ({ id }) },
    recorded: ({ recorded }) => recorded,
    problems: ['id-conflict', 'reference-unknown', 'wrong-status'],
  }),
];
