/** A gateway's webhooks. */
import type { Logger } from 'pino';
import type { EventFeed } from '../events/feed.js';
import { systemTime } from '../fabric/budget.js';
import type { Storage } from '../journal/storage.js';
import type { CheckedWebhook } from './options.js';
import { Post } from './post.js';
import { DeliveryStore } from './store.js';
import { Webhook } from './webhook.js';

/** Deliveries at a time, of one webhook. */
const PARALLEL = 8;

/** A webhook as it was set up, and at work. */
export interface RunningWebhook {
  readonly options: CheckedWebhook;
  readonly webhook: Webhook;
}

/** Webhooks that run. */
export interface Webhooks {
  readonly all: readonly RunningWebhook[];
  /** Goes on with the secrets and authorities that these say; what else they say, and others, are left for the next start. */
  renew(webhooks: readonly CheckedWebhook[]): void;
  /** Deliveries under way may end within the time given; resolves when nothing of them runs any more. */
  stop(withinMs: number): Promise<void>;
}

/** Starts them. */
export function startWebhooks(
  webhooks: readonly CheckedWebhook[],
  { feed, storage, logger }: { feed: EventFeed; storage: Storage; logger: Logger },
): Webhooks {
  const posts = new Map<string, Post>();
  const all = webhooks.map((options): RunningWebhook => {
    const { id, types, resources, timeoutSeconds } = options;
    const post = new Post({ ...options, timeoutMs: timeoutSeconds * 1_000, parallel: PARALLEL });
    posts.set(id, post);
    const webhook = new Webhook({
      id,
      filter: { types, resources },
      from: options.from,
      attempts: options.attempts,
      parallel: PARALLEL,
      feed,
      store: new DeliveryStore(storage, id),
      send: (delivery, signal) => post.send(delivery, signal),
      time: systemTime,
      logger,
    });
    webhook.start();
    return { options, webhook };
  });
  return {
    all,
    renew: (renewed) => {
      for (const options of renewed) posts.get(options.id)?.renew(options);
    },
    stop: async (withinMs) => {
      await Promise.all(all.map(({ webhook }) => webhook.stop(withinMs)));
      for (const post of posts.values()) post.close();
    },
  };
}
