/** Knowledge: documents that members share. */
import { randomUUID } from 'node:crypto';
import { DocumentFilter, DocumentShare } from 'umlauf-chaincode/api';
import { EXAMPLES } from '../examples.js';
import { write, type Route } from '../route.js';
import { readsOf } from './reads.js';

const tag = 'Knowledge';

const NewDocument = DocumentShare.partial({ id: true }).meta({
  id: 'NewDocument',
  description: 'A document that a member shares; without `id` the gateway makes one',
});

export const documentRoutes: readonly Route[] = [
  ...readsOf({
    kind: 'documents',
    tag,
    list: 'Shared documents, by member, focus area, status, SHA-256 and day',
    one: 'a shared document',
    filter: DocumentFilter,
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
