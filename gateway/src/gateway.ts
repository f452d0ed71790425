/** The gateway of one organization: what it is made of, its start and its stop. */
import { pino, type Logger } from 'pino';
import { ROLES, type SubmitName } from 'umlauf-chaincode/api';
import { openAudit } from './audit/audit.js';
import { Access } from './auth/access.js';
import { EventFeed } from './events/feed.js';
import { EventHistory } from './events/history.js';
import { eventOf } from './events/ledger-event.js';
import { EventStreams } from './events/streams.js';
import { Blocks } from './fabric/blocks.js';
import { systemTime } from './fabric/budget.js';
import { Channel } from './fabric/channel.js';
import { Connection } from './fabric/connection.js';
import { OfflineClient } from './fabric/elsewhere-client.js';
import { ElsewhereSubmitter } from './fabric/elsewhere-submitter.js';
import { Endorsers } from './fabric/endorsers.js';
import type { SeenBlock } from './fabric/client.js';
import { factsOf, isKnown, type ReportedFact } from './fabric/facts.js';
import { KeyRing } from './fabric/key-ring.js';
import { SdkClient } from './fabric/sdk-client.js';
import { settle } from './fabric/settle.js';
import { Submitter } from './fabric/submitter.js';
import { LedgerLookup } from './fabric/transactions.js';
import { createApp } from './http/app.js';
import { answerClientErrors } from './http/problems.js';
import type { WriteRoute } from './http/route.js';
import { ROUTES } from './http/routes/index.js';
import { connectionsOf, drained, listening, renewTls, serverFor } from './http/server.js';
import { Turnstile } from './http/turnstile.js';
import { Journal } from './journal/journal.js';
import { openJournal } from './journal/open.js';
import { FabricLedger } from './ledger.js';
import { checkedIdentities, checkedOptions, renewable, type GatewayOptions } from './options.js';
import { Answers } from './reads/answers.js';
import { changesOf } from './reads/changes.js';
import { ReadinessCheck, complete, type Readiness } from './readiness.js';
import { Signing } from './signing/signing.js';
import { startTriggers, type Triggers } from './triggers/triggers.js';
import { Settlement } from './writes/settlement.js';
import { Writes } from './writes/writes.js';

/** A gateway that answers. */
export interface RunningGateway {
  /** `http://host:port`. */
  readonly url: string;
  /** Whether it can do its work now. */
  readonly ready: () => Promise<Readiness>;
  /**
   * Writes once, without effect on the cooperative; resolves when that is committed at its own peer. Without an identity
   * that may write there is nothing to prove.
   * @throws {ProblemError} why it can't write.
   */
  readonly proveWriting: () => Promise<void>;
  /**
   * Signs with other keys and certificates from now on, of the same roles; no request notices.
   * @throws {GatewayOptionsError} with every error; then the old ones stay.
   */
  readonly renewIdentities: (identities: GatewayOptions['identities']) => void;
  /**
   * Goes on with other keys and certificates, its own for TLS included, and with others who may call; all else takes effect
   * at the next start. No request notices.
   * @throws {GatewayOptionsError} with every error; then all stays as it was.
   */
  readonly renew: (options: GatewayOptions) => void;
  /**
   * Goes on in the audit log that stands under its name now, as after a rotation.
   * @throws {Error} if that can't be opened; then it goes on in the old one.
   */
  readonly reopenAudit: () => Promise<void>;
  /**
   * Does something that its peer can't serve meanwhile, such as exchanging the peer's own certificates: requests under
   * way are answered first, those that come meanwhile wait.
   */
  readonly whileHeld: <T>(work: () => Promise<T>) => Promise<T>;
  /** Answers what is under way, refuses what comes meanwhile, then stops. */
  readonly stop: () => Promise<void>;
}

const WRITE_ROUTES = new Map<SubmitName, WriteRoute>(
  ROUTES.flatMap((route) => (route.kind === 'write' ? [[route.transaction, route] as const] : [])),
);

/**
 * Starts the gateway of one organization. It answers at once; {@link RunningGateway.ready} tells whether its peer does.
 * @throws {GatewayOptionsError} with every error of the options at once.
 * @throws {Pkcs11Error} if a key in a hardware security module can't be used.
 * @throws {JournalError} if its journal can't be used.
 * @throws {AppendFileError} if its audit log can't be used.
 * @throws {Error} if it can't listen.
 */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  const checked = checkedOptions(options);
  const logger: Logger = options.logger ?? pino({ level: 'silent' });
  const { memberId, mspId, channel: channelName, chaincode, timeLimits } = checked;
  const keys = new KeyRing();
  const identities = await keys.proven(checked.identities);
  const audit = openAudit(checked.audit, logger);
  const storage = await openJournal(checked.journal.folder, `${memberId} on ${channelName}`);
  const journal = new Journal(storage);
  if (!journal.durable)
    logger.warn(
      'no folder for the journal: keys and accepted requests are forgotten at the end of the process',
    );

  const connection = new Connection(checked.peer);
  const client = new SdkClient({
    connection,
    mspId,
    channel: channelName,
    chaincode,
    identities,
    deadlines: timeLimits,
    onReopened: () => logger.warn('the connection to the peer was opened anew'),
  });
  const channel = new Channel(client, channelName);
  const lookup = new LedgerLookup(client, channelName);
  const ledgerName = { channel: channelName, chaincode };
  const feed = new EventFeed(new EventHistory(client, ledgerName));
  const onBlock = (block: SeenBlock, fresh: boolean): void => {
    answers.see(() => changesOf(block, chaincode));
    const facts = factsOf(block, chaincode);
    if (fresh) for (const fact of facts) if (isKnown(fact)) onFact(fact);
    feed.see(
      Number(block.number),
      facts.map((fact) => eventOf(fact, ledgerName)),
    );
  };
  const listener = { onBlock, onConfig: () => channel.forget(), onBreak: () => answers.forget() };
  const blocks = new Blocks(client, lookup, listener, logger);
  const answers = new Answers(blocks, checked.reads.cacheMegabytes * 1_000_000);
  const elsewhere = new OfflineClient({
    connection,
    mspId,
    channel: channelName,
    chaincode,
    deadlines: timeLimits,
    guarded: (call) => client.guarded(call),
  });
  const submitting = {
    client,
    channel,
    lookup,
    blocks,
    endorsers: new Endorsers(mspId, channel, systemTime),
    patience: { ...timeLimits, conflictTries: checked.conflictTries },
  };
  let triggers: Triggers | undefined;
  const ledger = new FabricLedger(
    client,
    new Submitter(submitting),
    new ElsewhereSubmitter(elsewhere, submitting),
    {
      onVoting: (resolutionId, settling) => triggers?.voting(resolutionId, settling),
      onCommitted: (block) => blocks.observe(block),
    },
  );
  const streams = new EventStreams(feed, checked.events.streams, {
    heartbeatMs: checked.events.heartbeatSeconds * 1_000,
    stallMs: checked.events.stallSeconds * 1_000,
  });
  const onFact = (fact: ReportedFact): void => {
    ledger.openings.see(fact);
    triggers?.see(fact);
    // Who may read has changed.
    if (fact.type === 'member.former' && fact.data['mspId'] === mspId) streams.end();
    options.onFact?.(fact);
  };
  const readiness = new ReadinessCheck({
    own: mspId,
    channel,
    lookup,
    blocks,
    readContract: () => ledger.evaluate('members:whoAmI', {}, undefined),
  });
  const access = new Access(checked, logger);
  const ready = async (): Promise<Readiness> =>
    complete(await readiness.check(), audit.works, access.issuersAway());
  const turnstile = new Turnstile();
  const self = { memberId, mspId };
  const writes = new Writes({
    perform: { self, ledger, lookup, blocks, lagMs: timeLimits.lagMs },
    journal,
    settlement: new Settlement({
      mspId,
      settle: (id, as, withinMs) => settle(id, as, withinMs, { client, lookup, time: systemTime }),
      settleMs: timeLimits.settleMs,
      time: systemTime,
    }),
    routes: WRITE_ROUTES,
    keepMs: checked.journal.keepHours * 3_600_000,
    logger,
    time: systemTime,
  });
  await writes.start();
  // What is needed for it is loaded where it is needed.
  const webhooks =
    checked.webhooks.length > 0
      ? (await import('./webhooks/webhooks.js')).startWebhooks(checked.webhooks, { feed, storage, logger })
      : undefined;
  const app = createApp({
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
      minBlockMs: timeLimits.minBlockMs,
    },
    durable: journal.durable,
    authenticate: access.callerOf,
    stranger: (address) => access.strangers.count(address),
    origins: checked.cors.origins,
    trustedProxies: checked.listen.trustedProxies,
    readiness: ready,
    turnstile,
    streams,
    webhooks: webhooks?.all ?? [],
    bodyLimitBytes: checked.bodyLimitBytes,
    requestsPerMinute: checked.requestsPerMinute,
    logger,
  });

  const server = serverFor(app, checked.listen, checked.auth.certificates?.authorities, {
    ...timeLimits,
    // A stream of events is silent for as long as nothing happens.
    idleMs: Math.max(timeLimits.idleMs, 2_000 * checked.events.heartbeatSeconds),
    connections: checked.listen.connections,
  });
  answerClientErrors(server);
  const connections = connectionsOf(server);
  let url: string;
  try {
    url = await listening(server, checked.listen);
  } catch (error) {
    await webhooks?.stop(0);
    await writes.stop(0);
    client.close();
    keys.close();
    access.strangers.stop();
    await storage.close();
    await audit.close();
    throw error;
  }
  // Such as too many open files: nothing that ends the gateway.
  server.on('error', (error) => logger.error({ err: error }, 'a connection was not accepted'));
  blocks.start();
  const role = ROLES.find((candidate) => candidate !== 'auditor' && identities[candidate]);
  if (checked.triggers && role)
    triggers = startTriggers({
      ledger,
      role,
      memberId,
      turns: { own: mspId, organizations: async () => (await channel.config()).mspIds },
      sweepMs: checked.sweepSeconds * 1_000,
      logger,
    });
  logger.info({ url, memberId }, 'the gateway answers');

  let stopping: Promise<void> | undefined;
  return {
    url,
    ready,
    proveWriting: async () => {
      if (role) await ledger.proveWriting(role);
    },
    renewIdentities: (renewed) => {
      client.renew(keys.identities(checkedIdentities(renewed, checked.identities)));
      answers.forget();
    },
    renew: (renewed) => {
      const next = renewable(checkedOptions(renewed), checked);
      const identities = keys.identities(next.identities);
      const { tls } = next.listen;
      if (tls) renewTls(server, tls, next.auth.certificates?.authorities);
      client.renew(identities);
      answers.forget();
      access.renew(next);
    },
    reopenAudit: () => audit.reopen(),
    whileHeld: (work) => turnstile.whileHeld(work),
    stop: () => {
      stopping ??= (async () => {
        const until = Date.now() + timeLimits.drainMs;
        turnstile.close();
        streams.end();
        await triggers?.stop();
        await Promise.all([
          drained(server, connections, timeLimits.drainMs),
          webhooks?.stop(timeLimits.drainMs),
        ]);
        await writes.stop(Math.max(0, until - Date.now()));
        const stopped = blocks.stop();
        client.close();
        await stopped;
        keys.close();
        access.strangers.stop();
        await storage.close();
        await audit.close();
      })();
      return stopping;
    },
  };
}
