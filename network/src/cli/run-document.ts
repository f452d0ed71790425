import type { Client, Input, Output } from 'umlauf-client';
import { UserError } from '../user-error.js';
import { documentOf, sha256Of } from './document-file.js';
import { act, whole, type ActOptions } from './member-act.js';
import { listed, table } from './table.js';

export interface ShareOptions extends ActOptions {
  readonly title: string;
  readonly focusArea: readonly string[];
  readonly licence: string;
  readonly id?: string;
  readonly language?: string;
  readonly uri?: string;
  readonly supersedes?: string;
}
export interface DocumentListOptions extends ActOptions {
  readonly member?: string;
  readonly focusArea?: string;
  readonly status?: string;
  readonly from?: string;
  readonly until?: string;
}
type SharedDocument = Output<'documents-get'>;

/** Shares the document in a file; what the gateway refuses it says, and what is allowed. */
export async function share(file: string, options: ShareOptions): Promise<void> {
  const { title, focusArea: focusAreas, licence, id, language, uri, supersedes } = options;
  const document = { ...(await documentOf(file)), ...(uri !== undefined && { uri }) };
  const input = { id, title, focusAreas, document, licence, language, supersedes };
  await act(
    options,
    'board',
    (client, call) => client.documents.share(input as Input<'documents-share'>, call),
    describeDocument,
  );
}

/** Prints shared documents. */
export function listDocuments(options: DocumentListOptions): Promise<void> {
  const { member, focusArea, status, from, until } = options;
  const filter = { member, focusArea, status, from, until } as Input<'documents-list'>;
  return act(options, 'auditor', (client) => found(client, filter), documentTable);
}

/** Prints one shared document. */
export function showDocument(id: string, options: ActOptions): Promise<void> {
  return act(options, 'auditor', (client) => client.documents.get({ id }), describeDocument);
}

/**
 * Prints which shared documents a file is.
 * @throws {UserError} if it is none
 */
export async function verifyDocument(file: string, options: ActOptions): Promise<void> {
  const sha256 = await sha256Of(file);
  const entries = async (client: Client) => {
    const answer = await found(client, { sha256 });
    if (answer.body.length === 0)
      throw new UserError(`${file}: no shared document has its SHA-256, ${sha256}`);
    return answer;
  };
  await act(options, 'auditor', entries, (documents) => documents.map(describeDocument).join('\n\n'));
}

const found = (client: Client, filter: Input<'documents-list'>) =>
  whole((bookmark) => client.documents.list({ ...filter, limit: 200, bookmark }));

const documentTable = (documents: readonly SharedDocument[]): string =>
  table(
    ['DOCUMENT', 'STATUS', 'MEMBER', 'SHARED', 'TITLE'],
    documents.map(({ id, status, memberId, recorded, title }) => [id, status, memberId, recorded.at, title]),
  );

function describeDocument(shared: SharedDocument): string {
  const { id, status, title, memberId, focusAreas, document, licence, language, supersedes, supersededBy } =
    shared;
  return listed([
    ['document', id],
    ['status', status],
    ['superseded by', supersededBy && `${supersededBy.documentId} on ${supersededBy.recorded.at}`],
    ['supersedes', supersedes],
    ['title', title],
    ['member', memberId],
    ['shared', shared.recorded.at],
    ['focus areas', focusAreas.join(', ')],
    ['file', `${document.name} (${document.mediaType})`],
    ['sha-256', document.sha256],
    ['uri', document.uri],
    ['licence', licence],
    ['language', language],
  ]);
}
