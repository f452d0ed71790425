/** What each operation takes and answers, as types alone: the contract's own schemas wherever it has one. */
import type { InputOf, Node, OutputOf, ProblemCode, SubmitName, TransactionName } from 'umlauf-chaincode/api';
import type { OPERATIONS } from './operations.js';

/** A problem (RFC 9457) as a gateway answers it. */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly transactionId?: string | undefined;
  readonly data?: Readonly<Record<string, unknown>> | undefined;
}

/** What became of a transaction. */
export interface TransactionView {
  id: string;
  /**
   * `valid`: committed, it had effect; `invalid`: committed without effect; `refused`: never committed; `pending`: not
   * known yet, it may still have effect.
   */
  status: 'pending' | 'valid' | 'invalid' | 'refused';
  /** Fabric's, once it is committed; 0 is valid. */
  validationCode?: number | undefined;
  validation?: string | undefined;
  blockNumber?: number | undefined;
  at?: string | undefined;
  location?: string | undefined;
  recordedBy?: string | undefined;
  problem?: ProblemBody | undefined;
}

/** An act as the REST interface takes it, for someone who signs it elsewhere. */
export interface PrepareInput {
  method: 'POST' | 'PUT' | 'PATCH';
  /** With the API's base, such as `/api/v1/resolutions/<id>/ballot`. */
  path: string;
  body?: unknown;
  /** PEM of whoever will sign. */
  certificate: string;
}

/** What is to be signed, and its transaction. */
export interface Prepared {
  transactionId: string;
  /** Base64 of `protos.Proposal`. */
  proposal: string;
  /** SHA-256 (hex) of it. */
  digest: string;
}

/** A proposal and its user's signature, both Base64. */
export interface EndorseInput {
  proposal: string;
  /** DER with a low S. */
  signature: string;
}

/** What is to be signed after that. */
export interface Endorsed {
  transactionId: string;
  /** Base64 of `common.Payload`. */
  transaction: string;
  /** SHA-256 (hex) of it. */
  digest: string;
}

/** An endorsed transaction and its user's signature, both Base64. */
export interface SubmitInput {
  transaction: string;
  /** DER with a low S. */
  signature: string;
}

/** Which events are wanted. */
export interface EventsInput {
  /** Types of facts; default: all. */
  type?: string | string[] | undefined;
  /** Resources, such as `resolutions/<id>`; default: all. */
  resource?: string | string[] | undefined;
  /** The block to begin with; default: what comes from now on. */
  from?: string | undefined;
}

/** A fact that the ledger reports: an envelope of CloudEvents 1.0. */
export interface LedgerEvent {
  specversion: '1.0';
  id: string;
  source: string;
  /** Such as `umlauf.v1.resolution.opened`. */
  type: string;
  /** Such as `resolutions/<id>`. */
  subject: string;
  time: string;
  dataschema: string;
  datacontenttype: 'application/json';
  transactionid: string;
  blocknumber: string;
  /** Block, transaction in it, fact in that. */
  position: string;
  data: Record<string, unknown>;
}

/** How a webhook stands. */
export interface WebhookView {
  id: string;
  /** Scheme and host. */
  receiver: string;
  status: 'delivering' | 'failing';
  /** Events on their way. */
  pending: number;
  position?: string | undefined;
  failing?: { resources: number; since: string; reason: string } | undefined;
}

/** An event that a webhook gave up. */
export interface DeadLetterView {
  id: string;
  type: string;
  resource: string;
  position: string;
  attempts: number;
  at: string;
  reason: string;
}

/** A node as it is declared and as the gateway's own peer sees it on the channel. */
export interface InfrastructureNode {
  /** Of the declared node; of one that nobody declared `<kind>.<MSP id>.<endpoint>`. */
  id: string;
  /** `declared-not-seen` and `seen-not-declared` are differences; `unobservable` is what doesn't show on a channel. */
  status: 'agrees' | 'planned' | 'unobservable' | 'declared-not-seen' | 'seen-not-declared';
  kind: Node['kind'];
  mspId: string;
  endpoint?: string | undefined;
  declared?: Node | undefined;
  observed?: { seen: boolean; height?: number | undefined; lastSeen: string } | undefined;
}

interface Own {
  'infrastructure-list': {
    input: {
      status?: InfrastructureNode['status'] | undefined;
      limit?: number | undefined;
      bookmark?: string | undefined;
    };
    output: { items: InfrastructureNode[]; bookmark?: string | undefined };
  };
  'transactions-get': { input: { id: string }; output: TransactionView };
  'transactions-prepare': { input: PrepareInput; output: Prepared };
  'transactions-endorse': { input: EndorseInput; output: Endorsed };
  'transactions-submit': { input: SubmitInput; output: unknown };
  'webhooks-list': { input: object; output: { items: WebhookView[] } };
  'webhooks-deadLetters': {
    input: { id: string; limit?: number | undefined; bookmark?: string | undefined };
    output: { items: DeadLetterView[]; bookmark?: string | undefined };
  };
  'webhooks-replay': {
    input: { id: string; ids?: string[] | undefined };
    output: { replayed: string[] };
  };
  'events-read': { input: EventsInput; output: LedgerEvent };
  'health-live': { input: object; output: { status: 'live' } };
  'health-ready': {
    input: object;
    output: {
      status: 'ready' | 'not-ready';
      missing: string[];
      journal: 'durable' | 'memory';
      endorsersAway?: string[] | undefined;
      issuersAway?: string[] | undefined;
      peer?: number | undefined;
      height?: number | undefined;
    };
  };
}

/** Transactions that begin a resource, whose id may be left out. */
type Creating =
  | 'members:apply'
  | 'resolutions:propose'
  | 'projects:propose'
  | 'services:offer'
  | 'sites:declare'
  | 'nodes:declare'
  | 'announcements:draft'
  | 'documents:share';

/** Ids of what it makes where they are left out, and whose ballot it reads, the gateway knows itself. */
type Asked<N extends TransactionName> = N extends Creating
  ? Omit<InputOf<N>, 'id'> & { id?: string }
  : N extends 'resolutions:ballot'
    ? Omit<InputOf<N>, 'memberId'>
    : InputOf<N>;

type Table = typeof OPERATIONS;
/** An operation, as the OpenAPI document names it. */
export type OperationId = keyof Table;
type TransactionOf<Id extends OperationId> = Table[Id] extends {
  transaction: infer N extends TransactionName;
}
  ? N
  : never;

/** What an operation takes: its path's, query's and body's fields in one. */
export type Input<Id extends OperationId> = Id extends keyof Own
  ? Own[Id]['input']
  : Asked<TransactionOf<Id>>;
/** The representation that an operation answers. */
export type Output<Id extends OperationId> = Id extends keyof Own
  ? Own[Id]['output']
  : OutputOf<Table[Id] extends { answers: infer N extends TransactionName } ? N : TransactionOf<Id>>;

/** Acts: what writes, and so can be signed elsewhere. */
export type ActId = {
  [Id in OperationId]: Table[Id] extends { transaction: SubmitName } ? Id : never;
}[OperationId];

export type { ProblemCode };
