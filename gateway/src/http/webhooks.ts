/** How this gateway's webhooks stand, and what they gave up. They are set up in the gateway's configuration alone. */
import type { RequestHandler } from 'express';
import { Instant, type Role } from 'umlauf-chaincode/api';
import { z } from 'zod';
import { idOf } from '../events/position.js';
import { ProblemError } from '../problem.js';
import type { DeadLetter } from '../webhooks/delivery.js';
import type { RunningWebhook } from '../webhooks/webhooks.js';
import { jsonBody } from './body.js';
import { queryValues, validated } from './input.js';
import { authorized, type Services } from './operation.js';

/** It is for those who answer for the gateway, not for everybody who may read the ledger. */
const LOOK: readonly Role[] = ['board', 'auditor'];
const REPLAY: readonly Role[] = ['board'];
const MOST = 200;

export const WebhookView = z
  .object({
    id: z.string(),
    receiver: z.string().meta({ description: 'Scheme and host of its URL; the rest may be a secret' }),
    status: z.enum(['delivering', 'failing']),
    pending: z.int().meta({ description: 'Events on their way' }),
    position: z.string().optional().meta({ description: 'Place on the ledger that it has come to' }),
    failing: z.object({ resources: z.int(), since: Instant, reason: z.string() }).optional().meta({
      description:
        'Resources of which something has failed and is tried again, since when there are any, and the last reason',
    }),
  })
  .meta({ id: 'Webhook' });

export const WebhookList = z.object({ items: z.array(WebhookView) });

export const DeadLetterList = z.object({
  items: z.array(
    z
      .object({
        id: z.string().meta({ description: 'Of the event' }),
        type: z.string(),
        resource: z.string(),
        position: z.string(),
        attempts: z.int(),
        at: Instant.meta({ description: 'When it was given up' }),
        reason: z.string(),
      })
      .meta({ id: 'DeadLetter' }),
  ),
  bookmark: z.string().optional(),
});

export const webhookParams = z.strictObject({ id: z.string().max(40) });
export const deadLettersQuery = z.strictObject({
  limit: z.int().min(1).max(MOST).default(50),
  bookmark: z.string().max(100).optional(),
});
export const ReplayBody = z.strictObject({
  ids: z
    .array(z.string().max(100))
    .min(1)
    .max(MOST)
    .optional()
    .meta({ description: 'Ids of events. Absent: the first 200 dead letters' }),
});
export const ReplayView = z.object({
  replayed: z.array(z.string()).meta({ description: 'Ids of the events that are on their way again' }),
});

const viewOf = ({ options, webhook }: RunningWebhook): z.infer<typeof WebhookView> => {
  const { pending, next, failing } = webhook.state;
  return {
    id: options.id,
    receiver: new URL(options.url).origin,
    status: failing ? 'failing' : 'delivering',
    pending,
    ...(next && { position: idOf(next) }),
    ...(failing && { failing }),
  };
};

const letterView = ({ body: _body, position, ...letter }: DeadLetter) => ({
  ...letter,
  position: idOf(position),
});

/** What the routes work with. */
export interface WebhookServices extends Pick<Services, 'identities' | 'audit' | 'observer'> {
  readonly webhooks: readonly RunningWebhook[];
}

/** Handlers of the routes. */
export function webhookHandlers(services: WebhookServices) {
  const { webhooks } = services;
  const find = (params: unknown): RunningWebhook => {
    const { id } = validated(webhookParams, params);
    const found = webhooks.find(({ options }) => options.id === id);
    if (!found) throw new ProblemError('not-found', { resource: 'webhook' });
    return found;
  };
  const list: RequestHandler = async (request, response) => {
    await authorized(request, response, services, 'webhooks:list', LOOK);
    validated(z.strictObject({}), request.query);
    response.json({ items: webhooks.map(viewOf) } satisfies z.infer<typeof WebhookList>);
  };
  const deadLetters: RequestHandler = async (request, response) => {
    await authorized(request, response, services, 'webhooks:deadLetters', LOOK);
    const { limit, bookmark } = validated(deadLettersQuery, queryValues(request.query));
    const { webhook } = find(request.params);
    const { items, ...more } = await webhook.deadLetters(limit, bookmark);
    response.json({ items: items.map(letterView), ...more } satisfies z.infer<typeof DeadLetterList>);
  };
  const replay: RequestHandler = async (request, response) => {
    await authorized(request, response, services, 'webhooks:replay', REPLAY);
    const { ids } = validated(ReplayBody, jsonBody(request) ?? {});
    const { webhook } = find(request.params);
    const letters: DeadLetter[] = [];
    let bookmark: string | undefined;
    do {
      const page = await webhook.deadLetters(MOST, bookmark);
      letters.push(...page.items.filter(({ id }) => ids?.includes(id) ?? true));
      bookmark = ids && letters.length < ids.length ? page.bookmark : undefined;
    } while (bookmark !== undefined);
    await webhook.replay(letters);
    response.json({ replayed: letters.map(({ id }) => id) } satisfies z.infer<typeof ReplayView>);
  };
  return { list, deadLetters, replay };
}
