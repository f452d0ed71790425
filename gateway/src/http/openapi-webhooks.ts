/** The routes of webhooks as the API's description has them. */
import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import type { ProblemCode } from 'umlauf-chaincode/api';
import type { z } from 'zod';
import { API_BASE } from './base.js';
import { problemResponses } from './openapi-problems.js';
import {
  DeadLetterList,
  ReplayBody,
  ReplayView,
  WebhookList,
  deadLettersQuery,
  webhookParams,
} from './webhooks.js';

/** @param common Problems that every route can answer. */
export function webhookOperations(common: readonly ProblemCode[]): RouteConfig[] {
  const operation = (
    method: 'get' | 'post',
    path: string,
    operationId: string,
    summary: string,
    answer: z.ZodType,
    request: NonNullable<RouteConfig['request']>,
    problems: readonly ProblemCode[],
  ): RouteConfig => ({
    method,
    path: `${API_BASE}${path}`,
    operationId,
    tags: ['Webhooks'],
    summary,
    security: [{ bearer: [] }],
    request,
    responses: {
      200: { description: summary, content: { 'application/json': { schema: answer } } },
      ...problemResponses([...common, 'role-not-allowed', ...problems]),
    },
  });
  const params = webhookParams;
  return [
    operation('get', '/webhooks', 'webhooks-list', 'This gateway’s webhooks', WebhookList, {}, []),
    operation(
      'get',
      '/webhooks/{id}/dead-letters',
      'webhooks-deadLetters',
      'Events that a webhook gave up',
      DeadLetterList,
      { params, query: deadLettersQuery },
      ['not-found'],
    ),
    operation(
      'post',
      '/webhooks/{id}/dead-letters/replay',
      'webhooks-replay',
      'Deliver dead letters again',
      ReplayView,
      { params, body: { content: { 'application/json': { schema: ReplayBody } } } },
      ['not-found', 'payload-too-large', 'unsupported-media-type'],
    ),
  ];
}
