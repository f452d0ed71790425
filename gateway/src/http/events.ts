/** `GET /events`: the ledger's events as server-sent events. */
import type { Request, RequestHandler, Response } from 'express';
import { ROLES } from 'umlauf-chaincode/api';
import { z } from 'zod';
import { FilterResources, FilterTypes } from '../events/filter.js';
import { ID_PATTERN, afterId, startOf, type Position } from '../events/position.js';
import type { EventStreams } from '../events/streams.js';
import { lineOf } from './bare-line.js';
import { invalidInput, validated } from './input.js';
import { authorized, type Services } from './operation.js';

/** A parameter that is given once or several times. */
const several = <S extends z.ZodType>(list: S) =>
  z.preprocess((given) => (typeof given === 'string' ? [given] : given), list.optional());

/** Query of the route. */
export const eventsQuery = z.strictObject({
  type: several(FilterTypes).meta({ description: 'Types of facts; several times for several. Default: all' }),
  resource: several(FilterResources).meta({
    description: 'Resources, such as `resolutions/<id>`; several times for several. Default: all',
  }),
  from: z
    .string()
    .regex(/^(?:0|[1-9]\d{0,14})$/)
    .optional()
    .meta({
      description:
        'The block to begin with; `Last-Event-ID` comes before it. Default: what comes from now on',
      example: '0',
    }),
});

/** Headers of the route. */
export const eventsHeaders = z.object({
  'Last-Event-ID': z
    .string()
    .regex(ID_PATTERN)
    .optional()
    .meta({ description: 'The `id` of the last event that was received', example: '12-0-1' }),
});

/** An event as it is told. */
export const LedgerEventView = z
  .object({
    specversion: z.literal('1.0'),
    id: z.string().meta({ description: 'Transaction id and place among its facts' }),
    source: z.string().meta({ description: 'The ledger: the same at every member’s gateway' }),
    type: z.string().meta({ description: 'Type of the fact', example: 'umlauf.v1.resolution.opened' }),
    subject: z.string().meta({
      description: 'The resource: its path below the API’s base',
      example: 'resolutions/admission-nrw',
    }),
    time: z.iso.datetime().meta({ description: "The transaction's timestamp" }),
    dataschema: z.string(),
    datacontenttype: z.literal('application/json'),
    transactionid: z.string(),
    blocknumber: z.string(),
    position: z.string().meta({ description: 'Block, transaction in it, fact in that', example: '12-0-1' }),
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'LedgerEvent', description: 'CloudEvents 1.0, JSON' });

/** Where to begin; `undefined`: from now on. */
function startAskedFor(request: Request, from: string | undefined): Position | undefined {
  const lastId = request.get('last-event-id');
  if (lastId === undefined || lastId === '') return from === undefined ? undefined : startOf(Number(from));
  const next = afterId(lastId);
  if (!next) throw invalidInput('Last-Event-ID', 'must be the id of an event');
  return next;
}

/** What the route works with. */
export interface EventServices extends Pick<
  Services,
  'identities' | 'audit' | 'observer' | 'ledger' | 'answers'
> {
  readonly streams: EventStreams;
  /** Counts a request no more among those that are waited for. */
  readonly leave: (response: Response) => void;
}

export function eventsHandler(services: EventServices): RequestHandler {
  const { ledger, answers, streams, leave } = services;
  return async (request, response) => {
    const { caller, role } = await authorized(request, response, services, 'events:read', ROLES);
    const { type: types, resource: resources, from } = validated(eventsQuery, request.query);
    const start = startAskedFor(request, from);
    streams.admit();
    // May read at all? The contract knows who is a member.
    const question = { transaction: 'foundations:list', input: { limit: 1 }, role } as const;
    await answers.ask(question, () => ledger.evaluate(question.transaction, question.input, role));
    // Not as Express sets it, which would add a character set that server-sent events have anyway.
    response.setHeader('Content-Type', 'text/event-stream');
    // Compressing would hold events back, and cost each stream a quarter of a megabyte.
    response.setHeader('Cache-Control', 'no-store, no-transform');
    response.setHeader('X-Accel-Buffering', 'no');
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    // Its client has gone meanwhile.
    if (response.destroyed) return;
    // Who may read has changed meanwhile.
    if (!streams.isJudged(request)) {
      response.destroy();
      return;
    }
    leave(response);
    streams.send(lineOf(request, response), {
      filter: { types, resources },
      start,
      expiresAtMs: caller.expiresAtMs,
    });
  };
}
