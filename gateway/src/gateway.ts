/** The gateway of one organization: what it is made of, its start and its stop. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino, type Logger } from 'pino';
import { ROLES, type Role } from 'umlauf-chaincode/api';
import { TokenVerifier } from './auth/tokens.js';
import { Blocks } from './fabric/blocks.js';
import { systemTime } from './fabric/budget.js';
import { Channel } from './fabric/channel.js';
import { Connection } from './fabric/connection.js';
import { Endorsers } from './fabric/endorsers.js';
import { factFollower } from './fabric/facts.js';
import { SdkClient, type LedgerIdentity } from './fabric/sdk-client.js';
import { ecdsaSigner } from './fabric/signer.js';
import { Submitter } from './fabric/submitter.js';
import { LedgerLookup } from './fabric/transactions.js';
import { createApp } from './http/app.js';
import { answerClientErrors } from './http/problems.js';
import { Turnstile } from './http/turnstile.js';
import { FabricLedger } from './ledger.js';
import { checkedIdentities, checkedOptions, type CheckedOptions, type GatewayOptions } from './options.js';
import { ReadinessCheck, type Readiness } from './readiness.js';
import { startTriggers, type Triggers } from './triggers/triggers.js';

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
   * Does something that its peer can't serve meanwhile, such as exchanging the peer's own certificates: requests under
   * way are answered first, those that come meanwhile wait.
   */
  readonly whileHeld: <T>(work: () => Promise<T>) => Promise<T>;
  /** Answers what is under way, then stops. */
  readonly stop: () => Promise<void>;
}

function ledgerIdentities(identities: CheckedOptions['identities']): Partial<Record<Role, LedgerIdentity>> {
  return Object.fromEntries(
    ROLES.flatMap((role) => {
      const identity = identities[role];
      if (!identity) return [];
      const { certificate, privateKey } = identity;
      return [[role, { certificate, signer: ecdsaSigner(privateKey) }]];
    }),
  );
}

async function listening(server: Server, { host, port }: CheckedOptions['listen']): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address() as AddressInfo;
  return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
}

async function drained(server: Server, withinMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A connection whose last request has been answered would stay open for the next.
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const cut = setTimeout(() => server.closeAllConnections(), withinMs);
  await closed;
  clearInterval(idle);
  clearTimeout(cut);
}

/**
 * Starts the gateway of one organization. It answers at once; {@link RunningGateway.ready} tells whether its peer does.
 * @throws {GatewayOptionsError} with every error of the options at once.
 * @throws {Error} if it can't listen.
 */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  const checked = checkedOptions(options);
  const logger: Logger = options.logger ?? pino({ level: 'silent' });
  const { memberId, mspId, channel: channelName, chaincode, timeLimits } = checked;
  const identities = ledgerIdentities(checked.identities);

  const client = new SdkClient({
    connection: new Connection(checked.peer),
    mspId,
    channel: channelName,
    chaincode,
    identities,
    deadlines: timeLimits,
    onReopened: () => logger.warn('the connection to the peer was opened anew'),
  });
  const channel = new Channel(client, channelName);
  const lookup = new LedgerLookup(client, channelName);
  const blocks = new Blocks(client, lookup, { onConfig: () => channel.forget() }, logger);
  const submitter = new Submitter({
    client,
    channel,
    lookup,
    blocks,
    endorsers: new Endorsers(mspId, channel, systemTime),
    patience: { ...timeLimits, conflictTries: checked.conflictTries },
  });
  let triggers: Triggers | undefined;
  const ledger = new FabricLedger(client, submitter, {
    onVoting: (resolutionId, settling) => triggers?.voting(resolutionId, settling),
    onCommitted: (block) => blocks.observe(block),
  });
  const facts = factFollower(
    client,
    lookup,
    (fact) => {
      ledger.openings.see(fact);
      triggers?.see(fact);
      options.onFact?.(fact);
    },
    logger,
  );
  const readiness = new ReadinessCheck({
    own: mspId,
    channel,
    lookup,
    blocks,
    readContract: () => ledger.evaluate('members:whoAmI', {}, undefined),
  });
  const tokens = new TokenVerifier({ ...checked.tokens, jwks: options.tokens.jwks });
  const turnstile = new Turnstile();
  const app = createApp({
    services: {
      self: { memberId, mspId },
      identities: new Set(ROLES.filter((role) => identities[role])),
      ledger,
      lookup,
      blocks,
      minBlockMs: timeLimits.minBlockMs,
      lagMs: timeLimits.lagMs,
    },
    authenticate: (authorization) => tokens.verify(authorization),
    readiness: () => readiness.check(),
    turnstile: turnstile.pass,
    bodyLimitBytes: checked.bodyLimitBytes,
    requestsPerMinute: checked.requestsPerMinute,
    logger,
  });

  const server = createServer(app);
  answerClientErrors(server);
  let url: string;
  try {
    url = await listening(server, checked.listen);
  } catch (error) {
    client.close();
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
  facts.start();
  logger.info({ url, memberId }, 'the gateway answers');

  let stopping: Promise<void> | undefined;
  return {
    url,
    ready: () => readiness.check(),
    proveWriting: async () => {
      if (role) await ledger.proveWriting(role);
    },
    renewIdentities: (renewed) =>
      client.renew(ledgerIdentities(checkedIdentities(renewed, checked.identities))),
    whileHeld: (work) => turnstile.whileHeld(work),
    stop: () => {
      stopping ??= (async () => {
        await triggers?.stop();
        await drained(server, timeLimits.drainMs);
        const stopped = [blocks.stop(), facts.stop()];
        client.close();
        await Promise.all(stopped);
      })();
      return stopping;
    },
  };
}
