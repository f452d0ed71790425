/** The peers of one gateway: which is used, and what chooses it. */
import { pino, type Logger } from 'pino';
import { systemTime } from '../fabric/budget.js';
import type { Connection } from '../fabric/connection.js';
import { wayToFabric, type FabricWay } from '../fabric/way.js';
import type { CheckedOptions } from '../options.js';
import { NO_TELEMETRY } from '../telemetry/telemetry.js';
import { Failover } from './failover.js';
import { standing } from './standing.js';

interface FailoverNeeds {
  /** Blocks that the gateway knows of. */
  readonly known: () => bigint;
  readonly onMoved: () => void;
  readonly logger: Logger;
}

/** Chooses among the peers that a way goes to. */
export function failoverOf(
  options: CheckedOptions,
  { connection, client }: Pick<FabricWay, 'connection' | 'client'>,
  { known, onMoved, logger }: FailoverNeeds,
): Failover {
  const silent = pino({ level: 'silent' });
  return new Failover({
    peers: () => connection.peers,
    at: () => connection.at,
    standingOf: (peer) =>
      standing(wayToFabric({ ...options, peer, furtherPeers: [] }, client.identities, NO_TELEMETRY, silent)),
    known,
    goTo: (at, abandoned) => {
      const from = connection.peers[connection.at]?.endpoint;
      client.goTo(at, { abandoned });
      onMoved();
      logger.warn({ from, to: connection.peers[at]?.endpoint }, 'goes on with another of its peers');
    },
    time: systemTime,
  });
}

/** Which of several peers is used, counted from 1. */
export const placeOf = ({ peers, at }: Pick<Connection, 'peers' | 'at'>): { readonly peer?: number } =>
  peers.length > 1 ? { peer: at + 1 } : {};
