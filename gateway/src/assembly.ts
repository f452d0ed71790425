/** What a gateway is made of, put together; nothing of it listens or follows anything yet. */
import type { Express } from 'express';
import type { Logger } from 'pino';
import { ROLES, type SubmitName } from 'umlauf-chaincode/api';
import type { Audit } from './audit/audit.js';
import { Access } from './auth/access.js';
import { EventFeed } from './events/feed.js';
import { EventHistory } from './events/history.js';
import { eventOf, ledgerUrn } from './events/ledger-event.js';
import { EventStreams } from './events/streams.js';
import { Blocks } from './fabric/blocks.js';
import { systemTime } from './fabric/budget.js';
import type { SeenBlock } from './fabric/client.js';
import { ElsewhereSubmitter } from './fabric/elsewhere-submitter.js';
import { Endorsers } from './fabric/endorsers.js';
import { factsOf, isKnown, type ReportedFact } from './fabric/facts.js';
import { Observed } from './fabric/observed.js';
import type { SdkClientOptions } from './fabric/sdk-client.js';
import { settle } from './fabric/settle.js';
import { Silence } from './fabric/silence.js';
import { Submitter } from './fabric/submitter.js';
import { wayToFabric, type FabricWay } from './fabric/way.js';
import { createApp } from './http/app.js';
import type { WriteRoute } from './http/route.js';
import { ROUTES } from './http/routes/index.js';
import { Turnstile } from './http/turnstile.js';
import type { Journal } from './journal/journal.js';
import { FabricLedger } from './ledger.js';
import type { CheckedOptions } from './options.js';
import type { Failover } from './peers/failover.js';
import { failoverOf, placeOf } from './peers/peers.js';
import { PublicPages } from './public/pages.js';
import { Answers } from './reads/answers.js';
import { changesOf } from './reads/changes.js';
import { ReadinessCheck, complete, type Readiness } from './readiness.js';
import { Signing } from './signing/signing.js';
import { someExpired, type Expiry } from './telemetry/certificates.js';
import type { Telemetry } from './telemetry/telemetry.js';
import type { Triggers } from './triggers/triggers.js';
import type { RunningWebhook } from './webhooks/webhooks.js';
import { Settlement } from './writes/settlement.js';
import { Writes } from './writes/writes.js';

/** What has been opened for a gateway. */
export interface AssemblyParts {
  readonly identities: SdkClientOptions['identities'];
  readonly audit: Audit;
  readonly journal: Journal;
  readonly telemetry: Telemetry;
  /** Of the certificates in force. */
  readonly expiries: () => readonly Expiry[];
  readonly logger: Logger;
  /** Told of each fact that the contracts report, from the start of the gateway on. */
  readonly onFact: (fact: ReportedFact) => void;
}

/** A gateway, put together. */
export interface Assembly extends FabricWay {
  readonly failover: Failover;
  readonly app: (webhooks: readonly RunningWebhook[]) => Express;
  readonly feed: EventFeed;
  readonly access: Access;
  readonly answers: Answers;
  readonly blocks: Blocks;
  readonly ledger: FabricLedger;
  readonly streams: EventStreams;
  readonly turnstile: Turnstile;
  readonly writes: Writes;
  readonly ready: () => Promise<Readiness>;
  /** Has triggers told from now on of what happens. */
  readonly tell: (triggers: Triggers) => void;
}

/** Peers tell of themselves every second or few: to ask their peer more often would tell nothing new. */
const OBSERVED_FRESH_MS = 3_000;
/** Room for what the public reads: as many pages as are asked for at a time, each of at most an eighth of it. */
const PUBLIC_CACHE_BYTES = 16_000_000;

const WRITE_ROUTES = new Map<SubmitName, WriteRoute>(
  ROUTES.flatMap((route) => (route.kind === 'write' ? [[route.transaction, route] as const] : [])),
);

/** Puts a gateway together. */
export function assemble(options: CheckedOptions, parts: AssemblyParts): Assembly {
  const { memberId, mspId, channel: channelName, chaincode, timeLimits } = options;
  const { identities, audit, journal, telemetry, logger } = parts;
  const { observer } = telemetry;
  const self = { memberId, mspId };
  const way = wayToFabric(options, identities, telemetry, logger, () => failover.unreached());
  const { client, elsewhere, channel, lookup } = way;
  let triggers: Triggers | undefined;

  const ledgerName = { channel: channelName, chaincode };
  const feed = new EventFeed(new EventHistory(client, ledgerName));
  const streams = new EventStreams(feed, options.events.streams, {
    heartbeatMs: options.events.heartbeatSeconds * 1_000,
    stallMs: options.events.stallSeconds * 1_000,
  });
  const onFact = (fact: ReportedFact): void => {
    ledger.openings.see(fact);
    ledger.holdings.see(fact);
    triggers?.see(fact);
    // Who may read has changed.
    if (fact.type === 'member.former' && fact.data['mspId'] === mspId) streams.end();
    parts.onFact(fact);
  };
  const onBlock = (block: SeenBlock, fresh: boolean): void => {
    for (const kept of [answers, publicAnswers]) kept.see(() => changesOf(block, chaincode));
    const facts = factsOf(block, chaincode);
    if (fresh) for (const fact of facts) if (isKnown(fact)) onFact(fact);
    feed.see(
      Number(block.number),
      facts.map((fact) => eventOf(fact, ledgerName)),
    );
  };
  const onBreak = (): void => {
    for (const kept of [answers, publicAnswers, ledger.holdings]) kept.forget();
  };
  const listener = { onBlock, onConfig: () => channel.forget(), onBreak };
  const blocks = new Blocks(client, lookup, listener, logger);
  const answers = new Answers(blocks, options.reads.cacheMegabytes * 1_000_000);
  const publicAnswers = new Answers(blocks, PUBLIC_CACHE_BYTES);

  const failover = failoverOf(options, way, {
    known: () => blocks.last + 1n,
    onMoved: () => readiness.forget(),
    logger,
  });
  const endorsers = new Endorsers(mspId, channel, systemTime);
  const submitting = {
    client,
    channel,
    lookup,
    blocks,
    endorsers,
    silence: new Silence(client, endorsers, systemTime, (mspIds) =>
      logger.warn({ mspIds }, 'endorsers that do not answer are passed over for a while'),
    ),
    patience: { ...timeLimits, conflictTries: options.conflictTries },
    observer,
  };
  const ledger = new FabricLedger(
    client,
    new Submitter(submitting),
    new ElsewhereSubmitter(elsewhere, submitting),
    {
      onVoting: (resolutionId, settling) => triggers?.voting(resolutionId, settling),
      onCommitted: (block) => blocks.observe(block),
    },
  );
  const writes = new Writes({
    perform: { self, ledger, lookup, blocks, lagMs: timeLimits.lagMs },
    journal,
    settlement: new Settlement({
      mspId,
      settle: (id, as, withinMs) => settle(id, as, withinMs, { client, lookup, time: systemTime, observer }),
      settleMs: timeLimits.settleMs,
      time: systemTime,
    }),
    routes: WRITE_ROUTES,
    keepMs: options.journal.keepHours * 3_600_000,
    logger,
    time: systemTime,
  });

  const access = new Access(options, logger);
  const readiness = new ReadinessCheck({
    own: mspId,
    channel,
    lookup,
    blocks,
    readContract: () => ledger.evaluate('members:whoAmI', {}, undefined),
    endorsing: { chaincode, peers: (deadlineMs) => client.peers(deadlineMs) },
  });
  const ready = async (): Promise<Readiness> =>
    complete(
      { ...(await readiness.check()), ...placeOf(way.connection) },
      {
        audit: audit.works,
        journal: journal.works,
        certificates: !someExpired(parts.expiries(), Date.now()),
      },
      access.issuersAway(),
    );
  const turnstile = new Turnstile();
  const publicPages = (): PublicPages =>
    new PublicPages({
      ledger,
      answers: publicAnswers,
      lookup,
      // That one which can do least.
      role: ROLES.toReversed().find((role) => identities[role]) ?? 'auditor',
      places: { base: options.publicUrl ?? '', ledger: ledgerUrn(ledgerName) },
    });
  const app = (webhooks: readonly RunningWebhook[]): Express =>
    createApp({
      webhooks,
      services: {
        self,
        identities: new Set(ROLES.filter((role) => identities[role])),
        audit,
        ledger,
        answers,
        lookup,
        writes,
        signing: new Signing({
          self,
          channel: channelName,
          chaincode,
          config: () => channel.config(),
          client: elsewhere,
          ledger,
          now: () => new Date(),
        }),
        blocks,
        observed: new Observed({
          look: () => client.nodes(),
          freshMs: OBSERVED_FRESH_MS,
          now: () => Date.now(),
        }),
        observer,
        minBlockMs: timeLimits.minBlockMs,
      },
      durable: journal.durable,
      authenticate: access.callerOf,
      ...(options.public && {
        public: { pages: publicPages(), count: (address) => access.readers.count(address) },
      }),
      stranger: (address) => access.strangers.count(address),
      origins: options.cors.origins,
      trustedProxies: options.listen.trustedProxies,
      readiness: ready,
      turnstile,
      streams,
      bodyLimitBytes: options.bodyLimitBytes,
      requestsPerMinute: options.requestsPerMinute,
      telemetry,
      logger,
    });
  return {
    ...way,
    failover,
    answers,
    app,
    feed,
    access,
    blocks,
    ledger,
    streams,
    turnstile,
    writes,
    ready,
    tell: (others) => (triggers = others),
  };
}
