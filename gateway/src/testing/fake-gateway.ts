/** The HTTP application over a ledger that answers what a test tells it to, on a free port. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Request } from 'express';
import { pino } from 'pino';
import { ROLES, type EvaluateName, type Role, type SubmitName } from 'umlauf-chaincode/api';
import { NO_AUDIT, type Audit } from '../audit/audit.js';
import type { Caller } from '../auth/caller.js';
import { systemTime } from '../fabric/budget.js';
import { OfflineClient, type SignedProposal, type SignedTransaction } from '../fabric/elsewhere-client.js';
import { Connection } from '../fabric/connection.js';
import type { Committed, Proposal } from '../fabric/submitter.js';
import type { LedgerTransaction } from '../fabric/transactions.js';
import { EventFeed } from '../events/feed.js';
import { EventStreams } from '../events/streams.js';
import { Turnstile } from '../http/turnstile.js';
import { createApp } from '../http/app.js';
import { classesOf } from '../http/classes.js';
import { Connections } from '../http/connections.js';
import { drained } from '../http/server.js';
import { Journal } from '../journal/journal.js';
import { MemoryStorage } from '../journal/memory-storage.js';
import type { Ledger } from '../ledger.js';
import { ProblemError } from '../problem.js';
import type { Readiness } from '../readiness.js';
import { PublicPages } from '../public/pages.js';
import type { ObservedNode } from '../fabric/observed.js';
import { Answers } from '../reads/answers.js';
import { Signing } from '../signing/signing.js';
import type { RunningWebhook } from '../webhooks/webhooks.js';
import { NO_TELEMETRY } from '../telemetry/telemetry.js';
import { Settlement } from '../writes/settlement.js';
import { Writes } from '../writes/writes.js';

/** A call that reached the ledger. */
export interface LedgerCall {
  readonly transaction: string;
  readonly input: unknown;
  readonly role: Role | undefined;
}

/** What a fake gateway answers with; tests replace its parts. */
export class FakeLedger implements Ledger {
  readonly evaluated: LedgerCall[] = [];
  readonly submitted: LedgerCall[] = [];
  answer: (transaction: EvaluateName, input: unknown) => unknown = () => ({ items: [] });
  commit: (transaction: SubmitName, input: unknown) => unknown = (_transaction, input) => input;

  evaluate(transaction: EvaluateName, input: unknown, role: Role | undefined): Promise<Uint8Array> {
    this.evaluated.push({ transaction, input, role });
    return new Promise((resolve) => resolve(Buffer.from(JSON.stringify(this.answer(transaction, input)))));
  }

  /** The transaction of a further try, if the first didn't record it. */
  recordedBy: string | undefined;
  /** Ids of the transactions, one after the other; the last one goes on. */
  transactionIds: string[] = ['f'.repeat(64)];

  async submit(
    transaction: SubmitName,
    input: unknown,
    role: Role,
    onProposed?: (proposal: Proposal) => Promise<void>,
  ): Promise<Committed> {
    this.submitted.push({ transaction, input, role });
    const [transactionId = ''] =
      this.transactionIds.length > 1 ? this.transactionIds.splice(0, 1) : this.transactionIds;
    await onProposed?.({ transactionId, proposalHash: transactionId });
    const result = await this.commit(transaction, input);
    const recordedBy = this.recordedBy ?? transactionId;
    return { result: Buffer.from(JSON.stringify(result)), transactionId: recordedBy, blockNumber: 12n };
  }

  /** What was signed elsewhere and handed to the orderers. */
  readonly submittedSigned: SignedTransaction[] = [];
  /** What endorsers answer to what was signed elsewhere. */
  endorsed: (proposal: SignedProposal) => Promise<Uint8Array> = () =>
    Promise.reject(new ProblemError('peer-unavailable', { mspIds: [] }));

  endorseSigned(_transaction: SubmitName, _input: unknown, proposal: SignedProposal): Promise<Uint8Array> {
    return this.endorsed(proposal);
  }

  async submitSigned(
    transaction: SubmitName,
    input: unknown,
    signed: SignedTransaction,
    onProposed?: (proposal: Proposal) => Promise<void>,
  ): Promise<Committed> {
    await onProposed?.(signed);
    this.submittedSigned.push(signed);
    const result = Buffer.from(JSON.stringify(await this.commit(transaction, input)));
    return { result, transactionId: signed.transactionId, blockNumber: 12n };
  }
}

/** One that makes proposals, for which it needs no peer. */
function offlineClient(mspId: string): OfflineClient {
  const connection = new Connection([{ endpoint: 'localhost:1', tlsRootCertificates: '' }]);
  return new OfflineClient({
    connection,
    mspId,
    channel: 'channel',
    chaincode: 'chaincode',
    deadlines: { endorseMs: 1, submitMs: 1 },
    guarded: (_step, call) => call(),
  });
}

/** Answer of a request. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** A running application; the bearer token is simply the roles, separated by commas, and after a semicolon when it expires. */
export async function startFakeGateway(
  options: {
    readonly requestsPerMinute?: number;
    readonly identities?: readonly Role[];
    readonly streams?: number;
    /** Default: no answer is kept. */
    readonly cacheBytes?: number;
    readonly audit?: Audit;
    readonly stranger?: (address: string) => Promise<void>;
    /** Counts requests of the public; absent: it reads nothing. */
    readonly public?: (address: string) => Promise<void>;
    readonly publicUrl?: string;
    readonly origins?: readonly string[];
    readonly trustedProxies?: readonly string[];
    readonly webhooks?: readonly RunningWebhook[];
  } = {},
) {
  const ledger = new FakeLedger();
  const transactions = new Map<string, LedgerTransaction>();
  const state = {
    height: 5n,
    authorities: new Map<string, readonly string[]>(),
    readiness: { ready: true, missing: [], height: 5n } as Readiness,
    lookup: (id: string) => Promise.resolve(transactions.get(id)),
    observed: [] as readonly ObservedNode[],
  };
  const authenticate = ({ headers }: Request): Promise<Caller> => {
    const [, roles, expiry] = /^Bearer ([^;]*)(?:;(\d+))?$/.exec(headers.authorization ?? '') ?? [];
    return roles === undefined
      ? Promise.reject(new ProblemError('unauthenticated', { reason: 'missing' }))
      : Promise.resolve({
          subject: 'somebody',
          roles: ROLES.filter((role) => roles.split(',').includes(role)),
          expiresAtMs: expiry === undefined ? Infinity : Number(expiry),
        });
  };
  const self = { memberId: 'itdz-berlin', mspId: 'ItdzBerlinMSP' };
  const logger = pino({ level: 'silent' });
  const lookup = { transaction: (id: string) => state.lookup(id) };
  const blocks = {
    get last() {
      return state.height - 1n;
    },
    reached: (block: bigint) => Promise.resolve(block < state.height),
  };
  const writes = new Writes({
    perform: { self, ledger, lookup, blocks, lagMs: 400 },
    journal: new Journal(new MemoryStorage()),
    settlement: new Settlement({
      mspId: self.mspId,
      settle: async (id) => (await state.lookup(id)) ?? 'absent',
      settleMs: 0,
      time: systemTime,
    }),
    routes: new Map(),
    keepMs: 3_600_000,
    logger,
    time: systemTime,
  });
  const answers = new Answers({ current: true }, options.cacheBytes ?? 0);
  const feed = new EventFeed({ around: () => Promise.reject(new Error('no history')) });
  const streams = new EventStreams(feed, options.streams ?? 100, { heartbeatMs: 100, stallMs: 300 });
  const app = createApp({
    turnstile: new Turnstile(),
    streams,
    webhooks: options.webhooks ?? [],
    services: {
      self,
      identities: new Set(options.identities ?? ROLES),
      audit: options.audit ?? NO_AUDIT,
      ledger,
      answers,
      lookup,
      blocks,
      observed: { nodes: () => Promise.resolve(state.observed) },
      observer: NO_TELEMETRY.observer,
      writes,
      signing: new Signing({
        self,
        channel: 'channel',
        chaincode: 'chaincode',
        config: () => Promise.resolve({ authorities: state.authorities }),
        client: offlineClient(self.mspId),
        ledger,
        now: () => new Date(),
      }),
      minBlockMs: 10,
    },
    ...(options.public && {
      public: {
        count: options.public,
        pages: new PublicPages({
          ledger,
          answers,
          lookup,
          role: 'auditor',
          places: { base: options.publicUrl ?? '', ledger: 'urn:umlauf:ledger:channel:chaincode' },
        }),
      },
    }),
    durable: false,
    stranger: options.stranger ?? (() => Promise.resolve()),
    origins: options.origins ?? [],
    trustedProxies: options.trustedProxies ?? [],
    authenticate,
    readiness: () => Promise.resolve(state.readiness),
    bodyLimitBytes: 20_000,
    requestsPerMinute: options.requestsPerMinute ?? 1_000_000,
    telemetry: NO_TELEMETRY,
    logger,
  });
  const server = createServer(classesOf(app), app);
  const connections = new Connections();
  connections.watch(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const request = async (
    method: string,
    path: string,
    { role = 'board', body, headers = {} }: { role?: string | null; body?: unknown; headers?: object } = {},
  ): Promise<Answered> => {
    const isRaw = typeof body === 'string' || body instanceof Uint8Array;
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(role === null ? {} : { authorization: `Bearer ${role}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isRaw ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>,
    };
  };
  const stop = () => drained(server, connections, 0);
  return { url, ledger, answers, feed, streams, writes, transactions, state, request, stop };
}
