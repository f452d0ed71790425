/** The gateway of one organization: its start and its stop. */
import { pino } from 'pino';
import { ROLES } from 'umlauf-chaincode/api';
import { assemble } from './assembly.js';
import { openAudit } from './audit/audit.js';
import { KeyRing } from './fabric/key-ring.js';
import { answerClientErrors } from './http/problems.js';
import { Connections } from './http/connections.js';
import { drained, listening, serverFor } from './http/server.js';
import { Journal } from './journal/journal.js';
import { openJournal } from './journal/open.js';
import { Opened } from './opened.js';
import type { GatewayOptions } from './gateway-options.js';
import { checkedOptions, type CheckedOptions } from './options.js';
import { watchPeer } from './peers/watch.js';
import type { Readiness } from './readiness.js';
import { renewal, type Settings } from './renewal.js';
import { expiriesOf } from './telemetry/certificates.js';
import { metricSources } from './telemetry/sources.js';
import { openTelemetry } from './telemetry/telemetry.js';
import { startTriggers } from './triggers/triggers.js';

/** A gateway that answers. */
export interface RunningGateway {
  /** `http://host:port`. */
  readonly url: string;
  /** Where its metrics are, if it keeps any. */
  readonly metricsUrl?: string | undefined;
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
   * Goes on with other keys and certificates, its own for TLS included, with others who may call, with the authorities of its
   * peers and webhooks and with the webhooks' secrets; all else takes effect at the next start. No request notices;
   * streams of events end, and their clients come again.
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
  const opened = new Opened();
  try {
    return await start(checked, options, opened);
  } catch (error) {
    await opened.close();
    throw error;
  }
}

async function start(
  checked: CheckedOptions,
  { logger = pino({ level: 'silent' }), onFact = () => undefined }: GatewayOptions,
  opened: Opened,
): Promise<RunningGateway> {
  const { memberId, mspId, channel, timeLimits } = checked;
  const telemetry = opened.add(await openTelemetry(checked, logger), (it) => it.close());
  const keys = opened.add(new KeyRing(), (ring) => ring.close());
  const identities = await keys.proven(checked.identities);
  const audit = opened.add(openAudit(checked.audit, logger), (it) => it.close());
  const storage = opened.add(await openJournal(checked.journal.folder, `${memberId} on ${channel}`), (it) =>
    it.close(),
  );
  const journal = new Journal(storage);
  if (!journal.durable)
    logger.warn(
      'no folder for the journal: keys and accepted requests are forgotten at the end of the process',
    );

  const settings: Settings = { current: checked };
  const ends = expiriesOf(() => settings.current);
  const assembly = assemble(checked, {
    identities,
    audit,
    journal,
    telemetry,
    expiries: ends,
    logger,
    onFact,
  });
  const { client, blocks, access, writes, ledger } = assembly;
  opened.add(access, (it) => it.stop());
  opened.add(client, () => {
    const stopped = blocks.stop();
    client.close();
    return stopped;
  });
  let drainUntil = 0;
  const drainMs = () => Math.max(0, drainUntil - Date.now());
  opened.add(writes, () => writes.stop(drainMs()));
  await writes.start();

  const webhooks =
    checked.webhooks.length > 0
      ? // What is needed for it is loaded where it is needed.
        (await import('./webhooks/webhooks.js')).startWebhooks(checked.webhooks, {
          feed: assembly.feed,
          storage,
          logger,
        })
      : undefined;
  if (webhooks) opened.add(webhooks, (it) => it.stop(drainMs()));

  const { metrics } = telemetry;
  metrics?.watch(metricSources(ends, assembly, journal, webhooks?.all));
  const metricsServer =
    metrics && checked.metrics
      ? opened.add(
          await (
            await import('./telemetry/metrics-server.js')
          ).serveMetrics(metrics, checked.metrics, logger),
          (it) => it.close(),
        )
      : undefined;
  const connections = new Connections();
  const server = serverFor(
    assembly.app(webhooks?.all ?? []),
    checked.listen,
    checked.auth.certificates?.authorities,
    {
      ...timeLimits,
      // A stream of events is silent for as long as nothing happens.
      idleMs: Math.max(timeLimits.idleMs, 2_000 * checked.events.heartbeatSeconds),
      connections: checked.listen.connections,
    },
    connections,
  );
  answerClientErrors(server);
  const url = await listening(server, checked.listen);
  opened.add(server, () => drained(server, connections, timeLimits.drainMs));
  // Such as too many open files: nothing that ends the gateway.
  server.on('error', (error) => logger.error({ err: error }, 'a connection was not accepted'));
  blocks.start();
  if (checked.furtherPeers.length > 0)
    opened.add(
      watchPeer(assembly.ready, () => assembly.failover.look()),
      (end) => end(),
    );
  const role = ROLES.find((candidate) => candidate !== 'auditor' && identities[candidate]);
  if (checked.triggers && role) {
    const triggers = startTriggers({
      ledger,
      role,
      memberId,
      turns: { own: mspId, organizations: async () => (await assembly.channel.config()).mspIds },
      sweepMs: checked.sweepSeconds * 1_000,
      logger,
    });
    opened.add(triggers, (it) => it.stop());
    assembly.tell(triggers);
  }
  logger.info({ url, memberId }, 'the gateway answers');

  let stopping: Promise<void> | undefined;
  return {
    url,
    metricsUrl: metricsServer?.url,
    ready: assembly.ready,
    proveWriting: async () => {
      if (role) await ledger.proveWriting(role);
    },
    ...renewal(settings, { keys, server, connections, audit, webhooks }, assembly),
    whileHeld: (work) => assembly.turnstile.whileHeld(work),
    stop: () => {
      stopping ??= (async () => {
        drainUntil = Date.now() + timeLimits.drainMs;
        assembly.turnstile.close();
        assembly.streams.end();
        await opened.close();
      })();
      return stopping;
    },
  };
}
