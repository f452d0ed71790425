/**
 * The nodes that the own peer sees on the channel, and when it last saw each: looked for when somebody asks, and
 * remembered for as long as this gateway runs.
 */
import type { DiscoveredNodes } from './discovery.js';

/** A node that was seen on the channel. */
export interface ObservedNode {
  readonly kind: 'peer' | 'orderer';
  readonly mspId: string;
  /** `host:port`. */
  readonly endpoint: string;
  /** A peer: whether the own peer takes it for alive. An orderer: whether the channel's configuration names it. */
  readonly seen: boolean;
  /** Number of blocks that a peer was last known to have. */
  readonly height?: number;
  /**
   * A peer: when this gateway first learnt of its newest sign of life. An orderer: when it was last in the channel's
   * configuration. Milliseconds since the epoch.
   */
  readonly lastSeenMs: number;
}

interface Remembered extends ObservedNode {
  readonly heartbeat?: string;
}

export interface ObservedOptions {
  /** Asks the own peer. */
  readonly look: () => Promise<DiscoveredNodes>;
  /** How long an answer is good for. */
  readonly freshMs: number;
  readonly now: () => number;
}

/** Nodes that are gone are remembered up to this number; those gone longest are forgotten first. */
const MOST_GONE = 500;

const nameOf = ({ kind, mspId, endpoint }: Pick<ObservedNode, 'kind' | 'mspId' | 'endpoint'>): string =>
  `${kind} ${mspId} ${endpoint}`;

/** What was seen on the channel. */
export class Observed {
  #nodes: ReadonlyMap<string, Remembered> = new Map();
  #looking: Promise<readonly ObservedNode[]> | undefined;
  #freshUntil = -Infinity;

  constructor(private readonly options: ObservedOptions) {}

  /**
   * All nodes seen since this gateway started, by kind, organization and endpoint.
   * @throws what the look at the peer throws; the next one asks again.
   */
  nodes(): Promise<readonly ObservedNode[]> {
    if (this.#looking && this.options.now() < this.#freshUntil) return this.#looking;
    this.#freshUntil = this.options.now() + this.options.freshMs;
    const looking = this.#look();
    this.#looking = looking;
    looking.catch(() => {
      if (this.#looking === looking) this.#looking = undefined;
    });
    return looking;
  }

  async #look(): Promise<readonly ObservedNode[]> {
    const found = await this.options.look();
    this.#nodes = remembered(this.#nodes, found, this.options.now());
    return [...this.#nodes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, node]) => shown(node));
  }
}

/** What is known after a look. */
function remembered(
  before: ReadonlyMap<string, Remembered>,
  { peers, orderers }: DiscoveredNodes,
  nowMs: number,
): ReadonlyMap<string, Remembered> {
  const present = new Map<string, Remembered>();
  for (const { mspId, endpoint, height, heartbeat } of peers) {
    const node = { kind: 'peer', mspId, endpoint } as const;
    const known = before.get(nameOf(node));
    // A peer takes another for alive long after its last word.
    const lastSeenMs = known?.heartbeat === heartbeat ? known.lastSeenMs : nowMs;
    present.set(nameOf(node), { ...node, seen: true, height, heartbeat, lastSeenMs });
  }
  for (const { mspId, endpoint } of orderers) {
    const node = { kind: 'orderer', mspId, endpoint } as const;
    present.set(nameOf(node), { ...node, seen: true, lastSeenMs: nowMs });
  }
  const gone = [...before]
    .filter(([name]) => !present.has(name))
    .sort(([, a], [, b]) => b.lastSeenMs - a.lastSeenMs)
    .slice(0, MOST_GONE);
  for (const [name, node] of gone) present.set(name, { ...node, seen: false });
  return present;
}

const shown = ({ kind, mspId, endpoint, seen, height, lastSeenMs }: Remembered): ObservedNode => ({
  ...{ kind, mspId, endpoint, seen, lastSeenMs },
  ...(height === undefined ? {} : { height }),
});
