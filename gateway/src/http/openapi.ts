/** The API's description (OpenAPI 3.1), made from the same schemas and the same table that answer requests. */
import { OpenAPIRegistry, OpenApiGeneratorV31, type RouteConfig } from '@asteasolutions/zod-to-openapi';
import { TRANSACTIONS, type ProblemCode } from 'umlauf-chaincode/api';
import { z } from 'zod';
import { LedgerEventView, eventsHeaders, eventsQuery } from './events.js';
import { LiveView, ReadyView } from './health.js';
import { InfrastructurePage, infrastructureQuery } from './infrastructure.js';
import { problemResponses } from './openapi-problems.js';
import { publicOperations } from './openapi-public.js';
import { webhookOperations } from './openapi-webhooks.js';
import { API_BASE } from './base.js';
import { IDEMPOTENCY_KEY, KEY_PATTERN } from './idempotency-key.js';
import type { Route } from './route.js';
import { ROUTES } from './routes/index.js';
import { EndorseBody, PrepareBody, SubmitBody, ToSignView } from './signing.js';
import { TransactionView, transactionParams } from './transactions.js';
import { REPLAYED } from './writing.js';

const DESCRIPTION = `Members and resolutions of a cooperative of public bodies, kept on a ledger that its members run together.

This is the gateway of **one** member: what is written here is signed with this member's keys.

- **No natural person may be named** in any text: titles, motions, offices, file names. Name offices and bodies. What is written cannot be erased.
- Writes answer once they are committed, with the new representation and the headers \`Location\`, \`Transaction-Id\` and \`Block-Number\`. Repeating a write that has been recorded already answers 200 with what stands.
- \`Min-Block\` makes a request wait until this member's peer has that block: hand over the \`Block-Number\` of what you have seen elsewhere.
- Every error is a problem (RFC 9457) whose \`type\` is \`urn:umlauf:problem:<code>\`.
- \`Idempotency-Key\` makes a write that is sent again the same one: the same key with the same body is answered with what was answered before, and never written twice. Send one with every write, and the same again until there is an answer.
- \`Prefer: respond-async\` has a write accepted (202) rather than waited for: the transaction in \`Location\` tells what becomes of it.
- 504 \`outcome-unknown\` says that a write may still take effect: look its \`transactionId\` up before trying again.`;

/** Problems that every route below the API's base can answer. */
const COMMON: readonly ProblemCode[] = [
  'invalid-input',
  'unauthenticated',
  'forbidden',
  'too-many-requests',
  'issuer-unavailable',
  'internal',
  'peer-unavailable',
  'block-not-reached',
  'shutting-down',
];
const COMMON_READ: readonly ProblemCode[] = ['organization-not-allowed', 'not-founded'];
const COMMON_WRITE: readonly ProblemCode[] = [
  ...COMMON_READ,
  'role-not-allowed',
  'ambiguous-role',
  'timestamp-off',
  'transaction-invalid',
  'conflict',
  'endorsement-failed',
  'peer-behind',
  'outcome-unknown',
  'request-in-progress',
  'idempotency-key-reused',
  'journal-unavailable',
  'audit-unavailable',
];
const WITH_BODY: readonly ProblemCode[] = ['payload-too-large', 'unsupported-media-type'];

const minBlockHeader = z.object({
  'Min-Block': z
    .string()
    .regex(/^(?:0|[1-9]\d{0,15})$/)
    .optional()
    .meta({ description: "Wait until this member's peer has this block", example: '12' }),
});

const readHeaders = minBlockHeader.extend({
  'If-None-Match': z.string().optional().meta({
    description: '304 while the answer is the one with this `ETag`',
    example: 'W/"kT3bVwZ8cQmN1rY5uXo0Aw"',
  }),
});

const writeHeaders = minBlockHeader.extend({
  [IDEMPOTENCY_KEY]: z.string().regex(KEY_PATTERN).optional().meta({
    description:
      "A string of the caller's own making, such as a UUID: the same key with the same body is the same request. Kept for a day unless this gateway says otherwise",
    example: '"8e03978e-40d5-43e8-bc93-6894a57f9324"',
  }),
  Prefer: z.string().optional().meta({
    description:
      '`respond-async`: 202 as soon as the gateway has noted the request; with `wait=<seconds>` (at most 60) not before that',
    example: 'respond-async, wait=2',
  }),
});

const header = (description: string, pattern?: string) => ({
  description,
  schema: { type: 'string' as const, ...(pattern === undefined ? {} : { pattern }) },
});
const BLOCK_NUMBER = { 'Block-Number': header('A block that the answer is at least as new as', '^\\d+$') };
const READ_HEADERS = {
  ...BLOCK_NUMBER,
  ETag: header('Of the content: the same for as long as it, at every gateway', '^W/"[A-Za-z0-9_-]+"$'),
  'Cache-Control': header('`private, no-cache`: keep it, and ask with `If-None-Match`'),
};
const WRITE_HEADERS = {
  Location: header('Where what was written is found'),
  'Transaction-Id': header('The transaction that recorded it', '^[0-9a-f]{64}$'),
  'Block-Number': header('The block that the transaction stands in', '^\\d+$'),
  [REPLAYED]: header('`true` on what was answered before to the same Idempotency-Key', '^true$'),
};
const ACCEPTED = {
  description: 'Accepted: the transaction tells what becomes of it',
  headers: {
    Location: header('The transaction'),
    'Transaction-Id': header('Its id', '^[0-9a-f]{64}$'),
    'Preference-Applied': header('`respond-async`, and `wait` if it was given'),
  },
  content: { 'application/json': { schema: TransactionView } },
};

function operationOf(route: Route): RouteConfig {
  const { output } = TRANSACTIONS[route.kind === 'write' ? route.answers : route.transaction];
  const content = { 'application/json': { schema: output } };
  const body = route.kind === 'write' ? route.body : undefined;
  const answered =
    route.kind === 'write'
      ? {
          ...(route.created
            ? { 201: { description: 'Created and committed', headers: WRITE_HEADERS, content } }
            : {}),
          200: {
            description: route.created ? 'It stood already' : 'Committed, or it stood already',
            headers: WRITE_HEADERS,
            content,
          },
          202: ACCEPTED,
        }
      : {
          200: { description: 'As the own peer has it', headers: READ_HEADERS, content },
          304: { description: 'Not modified', headers: READ_HEADERS },
        };
  return {
    method: route.method,
    path: `${API_BASE}${route.path}`,
    operationId: route.transaction.replace(':', '-'),
    tags: [route.tag],
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    security: [{ bearer: [] }],
    request: {
      params: route.params,
      headers: route.kind === 'write' ? writeHeaders : readHeaders,
      ...(route.kind === 'read' ? { query: route.query } : {}),
      ...(body && route.kind === 'write'
        ? {
            body: {
              // One of which nothing is required may be left out.
              required: !body.safeParse({}).success,
              content: { 'application/json': { schema: body, example: route.example } },
            },
          }
        : {}),
    },
    responses: {
      ...answered,
      ...problemResponses([
        ...COMMON,
        ...(route.kind === 'write' ? COMMON_WRITE : COMMON_READ),
        ...(body ? WITH_BODY : []),
        ...(route.problems ?? (route.path.includes('{') ? ['not-found' as const] : [])),
      ]),
    },
  };
}

/** The steps of an act that is signed elsewhere. */
const signingStep = (
  step: string,
  summary: string,
  body: z.ZodType,
  answered: RouteConfig['responses'],
  codes: readonly ProblemCode[],
): RouteConfig => ({
  method: 'post',
  path: `${API_BASE}/transactions/${step}`,
  operationId: `transactions-${step}`,
  tags: ['Transactions'],
  summary,
  security: [{ bearer: [] }],
  request: {
    headers: minBlockHeader,
    body: { required: true, content: { 'application/json': { schema: body } } },
  },
  responses: {
    ...answered,
    ...problemResponses([
      ...COMMON,
      ...WITH_BODY,
      'role-not-allowed',
      'ambiguous-role',
      'certificate-not-accepted',
      ...codes,
    ]),
  },
});

const answers = (description: string, schema: z.ZodType) => ({
  200: { description, content: { 'application/json': { schema } } },
});
/** What any act can be refused as. */
const ANY_ACT = [...new Set(ROUTES.flatMap(({ problems = [] }) => problems))];
const written = { 'application/json': { schema: z.record(z.string(), z.unknown()) } };

const signing: readonly RouteConfig[] = [
  signingStep(
    'prepare',
    'Have the proposal of an act made, for a key that this gateway does not have',
    PrepareBody,
    answers('To be signed by the owner of the certificate', ToSignView.proposal),
    [],
  ),
  signingStep(
    'endorse',
    'Have a signed proposal endorsed',
    EndorseBody,
    answers('To be signed by the same', ToSignView.transaction),
    [
      ...COMMON_READ,
      'signature-not-accepted',
      'timestamp-off',
      'endorsement-failed',
      'unchanged',
      ...ANY_ACT,
    ],
  ),
  signingStep(
    'submit',
    'Write a signed transaction; submitted twice it is the same',
    SubmitBody,
    {
      200: { description: 'Committed, as the act itself answers', headers: WRITE_HEADERS, content: written },
      201: { description: 'Created and committed', headers: WRITE_HEADERS, content: written },
      202: ACCEPTED,
    },
    [...COMMON_WRITE, 'signature-not-accepted'],
  ),
];

const lookup: RouteConfig = {
  method: 'get',
  path: `${API_BASE}/transactions/{id}`,
  operationId: 'transactions-get',
  tags: ['Transactions'],
  summary: 'What became of a transaction',
  security: [{ bearer: [] }],
  request: { params: transactionParams, headers: minBlockHeader },
  responses: {
    200: {
      description: "As the own peer's ledger has it, and what this gateway knows of what it was asked for",
      content: { 'application/json': { schema: TransactionView } },
    },
    ...problemResponses([...COMMON, 'not-found']),
  },
};

const events: RouteConfig = {
  method: 'get',
  path: `${API_BASE}/events`,
  operationId: 'events-read',
  tags: ['Events'],
  summary: 'What happens on the ledger, as server-sent events',
  description:
    'Each event is an envelope of CloudEvents 1.0 in JSON, of one fact; its `id` in the stream is where it stands on the ledger. Whoever comes back with `Last-Event-ID`, to this or another member’s gateway, misses nothing and gets nothing twice. The stream ends when the token expires, when the gateway stops, and when its client doesn’t read it.',
  security: [{ bearer: [] }],
  request: { query: eventsQuery, headers: eventsHeaders },
  responses: {
    200: {
      description: 'Events without end',
      content: { 'text/event-stream': { schema: LedgerEventView } },
    },
    ...problemResponses([
      ...COMMON.filter((code) => code !== 'block-not-reached'),
      ...COMMON_READ,
      'too-many-streams',
    ]),
  },
};

const infrastructure: RouteConfig = {
  method: 'get',
  path: `${API_BASE}/infrastructure`,
  operationId: 'infrastructure-list',
  tags: ['Infrastructure'],
  summary: "What members declare to run, beside what this gateway's peer sees on the channel",
  description:
    'Peers and orderers are matched by MSP id and endpoint. Gateways and chaincode services cannot be observed on the channel. The answer differs from gateway to gateway: each looks with its own eyes.',
  security: [{ bearer: [] }],
  request: { query: infrastructureQuery, headers: minBlockHeader },
  responses: {
    200: {
      description: 'Declared nodes that run or are planned, and nodes that are seen',
      headers: BLOCK_NUMBER,
      content: { 'application/json': { schema: InfrastructurePage } },
    },
    ...problemResponses([...COMMON, ...COMMON_READ]),
  },
};

const health = (
  path: string,
  summary: string,
  schema: z.ZodType,
  more: RouteConfig['responses'],
): RouteConfig => ({
  method: 'get',
  path: `${API_BASE}${path}`,
  operationId: path.slice(1).replace('/', '-'),
  tags: ['Health'],
  summary,
  responses: { 200: { description: summary, content: { 'application/json': { schema } } }, ...more },
});

/**
 * Makes the description.
 * @param memberId The member whose gateway this is.
 * @param isPublic Whether the public reads here too.
 */
export function openApiDocument(memberId: string, isPublic: boolean): object {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'A token of the issuer that this gateway trusts, for this gateway as audience, with `roles`',
  });
  for (const route of ROUTES) registry.registerPath(operationOf(route));
  for (const step of signing) registry.registerPath(step);
  registry.registerPath(lookup);
  registry.registerPath(infrastructure);
  registry.registerPath(events);
  for (const operation of webhookOperations(COMMON.filter((code) => code !== 'block-not-reached')))
    registry.registerPath(operation);
  if (isPublic) for (const operation of publicOperations()) registry.registerPath(operation);
  registry.registerPath(health('/health/live', 'The process runs', LiveView, {}));
  registry.registerPath(
    health('/health/ready', 'It can do its work', ReadyView, {
      503: { description: 'Something is missing', content: { 'application/json': { schema: ReadyView } } },
    }),
  );
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: { title: `Umlauf, gateway of ${memberId}`, version: '1', description: DESCRIPTION },
    servers: [{ url: '/' }],
  });
}
