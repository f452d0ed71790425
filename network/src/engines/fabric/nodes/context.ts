import { availableParallelism } from 'node:os';
import type { Ports } from '../../../home/ports.js';
import type { FabricBinaries } from './binaries.js';
import type { FabricLayout } from './layout.js';
import type { Supervisor } from './processes.js';

/** What all nodes on this machine share. */
export interface NodeContext {
  readonly channel: string;
  readonly layout: FabricLayout;
  readonly ports: Ports;
  readonly supervisor: Supervisor;
  readonly binaries: FabricBinaries;
  /** By how much a proposal's timestamp may be off a peer's clock; a Go duration. */
  readonly timeWindow: string;
  /** Aborted when coming up is called off: nothing is started any more, and what is waited for is given up. */
  readonly signal?: AbortSignal | undefined;
  /** How many peers the channel may come to have. */
  readonly channelPeers: number;
  /** How many of them this machine may come to run. */
  readonly peersHere: number;
}

/** Whatever only this machine's administrator asks listens here and nowhere else. */
export const LOOPBACK = '127.0.0.1';
export const START_TIMEOUT_MS = 30_000;

/** The nodes' words: warnings and errors (INFO costs 10 to 25 % of the throughput), as plain lines. */
const LOGGING = {
  // Whoever closes a connection is warned about, though that is how clients leave.
  FABRIC_LOGGING_SPEC: 'WARN:grpc=ERROR:orderer.common.broadcast=ERROR',
  FABRIC_LOGGING_FORMAT: '%{time:2006-01-02T15:04:05.000Z07:00} %{level:.4s} [%{module}] %{message}',
} as const;

/** From so many peers for each processor on, a second thread of the Go runtime costs a node more than it brings. */
const CROWD = 4;

/**
 * The environment of a node of Fabric.
 * @param processors of this machine
 */
export function nodeEnvironment(
  { peersHere }: Pick<NodeContext, 'peersHere'>,
  processors = availableParallelism(),
): Record<string, string> {
  return { ...LOGGING, ...(peersHere > CROWD * processors && { GOMAXPROCS: '1' }) };
}
