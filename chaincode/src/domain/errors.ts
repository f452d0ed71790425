/**
 * Every error that a caller can meet, in one registry: the chaincode throws `{code, data}` (under 1 kB, never echoing
 * input: Fabric carries it in gRPC trailers, once for each endorser), the gateway answers RFC 9457 problem details of
 * `type` `urn:umlauf:problem:<code>`, and the documentation is made from it.
 */
interface Problem {
  readonly status: 400 | 401 | 403 | 404 | 405 | 408 | 409 | 413 | 415 | 422 | 429 | 500 | 503 | 504;
  readonly title: string;
  /** Name and meaning of each field of `data`. */
  readonly data: Readonly<Record<string, string>>;
  /** Who raises it. */
  readonly raisedBy: 'chaincode' | 'gateway';
}

const chaincode = (status: Problem['status'], title: string, data: Problem['data'] = {}) =>
  ({ status, title, data, raisedBy: 'chaincode' }) as const satisfies Problem;
const gateway = (status: Problem['status'], title: string, data: Problem['data'] = {}) =>
  ({ status, title, data, raisedBy: 'gateway' }) as const satisfies Problem;

export const PROBLEMS = {
  'invalid-input': chaincode(400, 'The input is malformed', {
    issues: 'up to five of {path, message}: where it is wrong and what is allowed',
    more: 'how many further issues there are',
  }),

  'role-not-allowed': chaincode(403, "The caller's role may not do this", {
    act: 'what was tried',
    roles: 'roles that may',
  }),
  'organization-not-allowed': chaincode(403, "The caller's organization may not do this", {
    act: 'what was tried',
    of: 'whose act it is',
  }),
  'ambiguous-role': chaincode(403, 'The certificate carries more than one role'),

  'not-found': chaincode(404, 'There is no such resource', { resource: 'kind of resource' }),

  'not-founded': chaincode(409, 'The cooperative has not been founded yet'),
  'already-founded': chaincode(409, 'The cooperative has been founded already', {
    foundation: 'SHA-256 of the foundation that holds',
  }),
  'founders-mismatch': chaincode(409, "The founders are not exactly the channel's organizations", {
    missing: 'MSP ids on the channel that are no founders',
    unexpected: 'MSP ids of founders that are not on the channel',
  }),
  'wrong-status': chaincode(409, 'The resource is in a status that does not allow this', {
    resource: 'kind of resource',
    status: 'its status',
    allowed: 'statuses that allow it',
  }),
  unchanged: chaincode(409, 'The same has been recorded already; nothing to write', {
    resource: 'kind of resource',
  }),
  'id-conflict': chaincode(409, 'The id is taken by a resource with other content', {
    resource: 'kind of resource',
  }),
  'msp-id-taken': chaincode(409, 'The MSP id belongs to another applicant or member'),
  'target-claimed': chaincode(409, 'Another resolution on the same target is open', {
    resolutionId: 'the open resolution',
  }),
  'ballot-already-cast': chaincode(409, 'The ballot is cast and may not be changed'),
  'member-not-on-network': chaincode(409, "The member's organization is not on the network", {
    mspId: 'its MSP id',
  }),
  'notice-running': chaincode(409, 'The notice period has not run yet', { from: 'when it will have run' }),
  'not-received': chaincode(
    409,
    'It is not recorded yet when this reached the others, from which the period runs',
    { phase: 'proposal, opening or resignation: what waits for its receipt' },
  ),
  'site-in-use': chaincode(409, 'Nodes still run at the site', {
    nodes: 'up to five of them',
    more: 'how many further ones there are',
  }),
  'voting-closed': chaincode(409, 'The deadline has passed', { deadline: 'the deadline' }),
  'not-decidable': chaincode(409, 'The outcome is still open', {
    from: 'when the deadline, with its safety margin, will have passed',
  }),
  'ending-not-due': chaincode(409, 'The membership has not ended yet', { endsOn: 'its last day' }),
  'withdrawal-not-due': chaincode(409, 'The announced last day of the service has not passed yet', {
    lastDay: 'its last day',
  }),
  'reserved-for-board-holding': chaincode(
    403,
    'Reserved for a board-holding organization until it has had time to act',
    {
      act: 'what was tried',
      from: 'when the board of any admitted member may do it',
    },
  ),

  unsupported: chaincode(422, 'This is not supported', { feature: 'what is not supported' }),
  'majority-too-low': chaincode(422, 'A resolution may ask for more than its matter requires, never less', {
    least: 'what the matter requires',
  }),
  'quorum-too-low': chaincode(
    422,
    'A resolution may ask for a higher quorum than its matter requires, never a lower one',
    { least: 'what the matter requires' },
  ),
  'form-not-allowed': chaincode(422, 'The bylaws do not allow this form for this matter', {
    allowed: 'forms that they allow',
  }),
  'procedure-basis': chaincode(
    422,
    'The legal basis of the procedure is missing, superfluous or not given by the bylaws',
    { allowed: 'what is allowed' },
  ),
  'voting-period': chaincode(422, "The voting period is outside the bylaws' bounds", {
    shortest: 'shortest',
    longest: 'longest',
  }),
  'effect-matter': chaincode(422, 'The effect belongs to another matter', {
    index: 'which effect',
    matter: 'the matter it belongs to, if it has one',
  }),
  'effect-target-repeated': chaincode(422, 'Two effects have the same target', { index: 'which effect' }),
  'effect-invalid': chaincode(422, 'The effect cannot be carried out', {
    index: 'which effect',
    reason: 'why',
  }),
  'bylaws-board-holding': chaincode(422, 'Board-holding members must be admitted and on the network', {
    memberIds: 'those that are not',
  }),
  'consent-expected': chaincode(
    422,
    'The procedure rests on the consent of all: the ballot must say whether the member consents',
  ),
  'consent-not-expected': chaincode(
    422,
    'The procedure does not rest on consent: the ballot must not carry it',
  ),
  'date-out-of-range': chaincode(422, 'The date is out of range', { from: 'earliest', until: 'latest' }),
  'reference-unknown': chaincode(422, 'What is referred to does not exist', {
    field: 'where it is referred to',
    resource: 'kind of resource',
  }),
  'own-resource': chaincode(422, 'A member does not do this to what it holds itself', {
    resource: 'kind of resource',
  }),
  'too-many-rounds': chaincode(422, 'This side has proposed the same too often to propose it again', {
    resource: 'kind of resource',
    limit: 'how often it may; what the other side proposes it may still accept',
  }),
  'project-origin': chaincode(422, 'A project of this origin comes into being in another way', {
    origin: 'resolution: a resolution founds it; existing: a board-holding organization accepts it',
  }),
  'site-of-another': chaincode(422, 'A member runs its nodes at its own sites', {
    memberId: 'the member that operates the site',
  }),
  'document-required': chaincode(422, 'A document is required', { for: 'what for' }),
  'resolution-reference': chaincode(422, 'The resolution referred to does not exist or is not decided', {
    field: 'confirms or supersedes',
  }),
  'timestamp-off': chaincode(422, "The transaction's timestamp is too far off the peer's clock", {
    skew: 'how far it may be off (ISO 8601)',
  }),

  unauthenticated: gateway(401, 'A valid bearer token is required', {
    reason: 'missing, malformed, expired, …',
  }),
  forbidden: gateway(403, 'The token gives no role at this gateway'),
  'certificate-not-accepted': gateway(403, 'This certificate may not sign here', {
    reason:
      'why: not issued by the authorities of this organization, expired, of another office than the token, …',
  }),
  'signature-not-accepted': gateway(
    422,
    'The signature is not one of the certificate over what was to be signed',
    {
      reason: 'why: not made with its key over these bytes, no DER, a high S',
    },
  ),
  'route-not-found': gateway(404, 'There is no such route'),
  'method-not-allowed': gateway(405, 'The method is not allowed here', { allow: 'allowed methods' }),
  'request-in-progress': gateway(409, 'A request with this key is under way', { retryAfter: 'seconds' }),
  'idempotency-key-reused': gateway(422, 'The key was used for another request'),
  'request-timeout': gateway(408, 'The request took too long to arrive'),
  'payload-too-large': gateway(413, 'The body is too large', { limit: 'bytes' }),
  'unsupported-media-type': gateway(415, 'The body must be application/json'),
  'too-many-requests': gateway(429, 'Too many requests', { retryAfter: 'seconds' }),
  'too-many-streams': gateway(503, 'As many streams of events are open as this gateway allows', {
    limit: 'how many it allows',
    retryAfter: 'seconds',
  }),
  'transaction-invalid': gateway(409, 'The transaction was committed as invalid; nothing was changed', {
    transactionId: 'its id',
    validationCode: "Fabric's validation code",
  }),
  conflict: gateway(409, 'Others kept changing the same; try again', { transactionId: 'of the last try' }),
  'peer-unavailable': gateway(503, 'The peers needed cannot be reached', {
    mspIds: 'organizations that did not answer',
  }),
  'block-not-reached': gateway(503, 'The peer has not reached the block asked for', {
    height: "the peer's height",
  }),
  'peer-behind': gateway(503, "This member's peer has not got yet what others have recorded; try again", {
    height: "the peer's height",
  }),
  'endorsement-failed': gateway(503, 'The endorsers did not agree', { mspIds: 'organizations that differ' }),
  'journal-unavailable': gateway(
    503,
    'The gateway cannot note the request, without which it does nothing; try again',
  ),
  'issuer-unavailable': gateway(503, "The token cannot be judged: its issuer's keys cannot be had", {
    retryAfter: 'seconds',
  }),
  'audit-unavailable': gateway(503, 'The audit log cannot be written, without which nothing is; try again'),
  'public-unavailable': gateway(503, 'What the public reads cannot be read at the moment; try again', {
    retryAfter: 'seconds',
  }),
  'shutting-down': gateway(503, 'The gateway is stopping; try again', { retryAfter: 'seconds' }),
  'outcome-unknown': gateway(
    504,
    'The outcome is not known yet: look the transaction up before trying again',
    { transactionId: 'its id' },
  ),
  internal: gateway(500, 'Something went wrong here'),
} as const satisfies Record<string, Problem>;

export type ProblemCode = keyof typeof PROBLEMS;
export type ChaincodeErrorCode = {
  [C in ProblemCode]: (typeof PROBLEMS)[C]['raisedBy'] extends 'chaincode' ? C : never;
}[ProblemCode];

/** `type` of the problem details for a code. */
export function problemType(code: ProblemCode): `urn:umlauf:problem:${ProblemCode}` {
  return `urn:umlauf:problem:${code}`;
}

/** A rule of the cooperative refused an act. Its message is the JSON that travels through Fabric. */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  constructor(
    readonly code: ChaincodeErrorCode,
    readonly data: Readonly<Record<string, unknown>> = {},
  ) {
    super(JSON.stringify({ code, data }));
  }
}
