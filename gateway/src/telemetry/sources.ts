/** Where metrics come from that are read rather than counted. */
import type { Assembly } from '../assembly.js';
import type { Journal } from '../journal/journal.js';
import type { Readiness } from '../readiness.js';
import type { WebhookState } from '../webhooks/webhook.js';
import type { RunningWebhook } from '../webhooks/webhooks.js';
import type { Expiry } from './certificates.js';

export interface MetricSources {
  readonly ready: () => Promise<Readiness>;
  /** Blocks that the peer has; `undefined` if it doesn't answer. */
  readonly peerHeight: () => Promise<number | undefined>;
  /** Blocks up to the last that went through the stream. */
  readonly seenHeight: () => number;
  /** `undefined` before the first. */
  readonly lastBlockAgeSeconds: () => number | undefined;
  readonly connected: () => boolean;
  /** Whether a peer is in use, by its address. */
  readonly peers: () => readonly { readonly endpoint: string; readonly inUse: boolean }[];
  readonly streams: () => number;
  readonly journalOpen: () => Promise<number>;
  readonly journalWorks: () => boolean;
  readonly expiries: () => readonly Expiry[];
  /** By their ids, which are configured. */
  readonly webhooks: () => readonly { readonly id: string; readonly state: WebhookState }[];
  /** Dead letters of each webhook, at most {@link MOST_LETTERS}. */
  readonly deadLetters: () => Promise<readonly { readonly id: string; readonly count: number }[]>;
}

const ASK_MS = 1_000;
/** More aren't counted. */
export const MOST_LETTERS = 1_000;

export function metricSources(
  expiries: MetricSources['expiries'],
  {
    blocks,
    connection,
    lookup,
    ready,
    streams,
  }: Pick<Assembly, 'blocks' | 'connection' | 'lookup' | 'ready' | 'streams'>,
  journal: Journal,
  webhooks: readonly RunningWebhook[] = [],
): MetricSources {
  return {
    ready,
    peerHeight: () => lookup.height(undefined, ASK_MS).then(Number, () => undefined),
    seenHeight: () => Number(blocks.handled + 1n),
    lastBlockAgeSeconds: () =>
      blocks.handledAtMs === undefined ? undefined : (Date.now() - blocks.handledAtMs) / 1_000,
    connected: () => blocks.connected,
    peers: () =>
      connection.peers.map(({ endpoint }, place) => ({ endpoint, inUse: place === connection.at })),
    streams: () => streams.size,
    journalOpen: () => journal.countOpen(),
    journalWorks: () => journal.works,
    expiries,
    deadLetters: () =>
      Promise.all(
        webhooks.map(async ({ options: { id }, webhook }) => ({
          id,
          count: (await webhook.deadLetters(MOST_LETTERS)).items.length,
        })),
      ),
    webhooks: () => webhooks.map(({ options: { id }, webhook: { state } }) => ({ id, state })),
  };
}
