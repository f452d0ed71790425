/** What the public reads, as the API's description has it: without any security. */
import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import type { ProblemCode } from 'umlauf-chaincode/api';
import { z } from 'zod';
import { ATOM_TYPE } from '../public/atom.js';
import { JSON_FEED_TYPE, JsonFeed } from '../public/json-feed.js';
import { PublicRegister } from '../public/register.js';
import { PUBLIC_BASE } from './base.js';
import { problemResponses } from './openapi-problems.js';
import { FeedQuery, PublicParams, PublicQuery } from './public.js';

const PROBLEMS: readonly ProblemCode[] = [
  'invalid-input',
  'too-many-requests',
  'public-unavailable',
  'shutting-down',
  'internal',
];

const HEADERS = {
  ETag: {
    description: 'Of the content: 304 while `If-None-Match` names it',
    schema: { type: 'string' as const },
  },
  'Cache-Control': { description: 'Others may answer from memory', schema: { type: 'string' as const } },
};
const Atom = z.string().meta({ description: 'Atom (RFC 4287)' });

const publicRead = (
  path: string,
  name: string,
  summary: string,
  content: Readonly<Record<string, { schema: z.ZodType }>>,
  request: RouteConfig['request'],
  more: readonly ProblemCode[] = [],
): RouteConfig => ({
  method: 'get',
  path: `${PUBLIC_BASE}${path}`,
  operationId: `public-${name}`,
  tags: ['Public'],
  summary,
  ...(request && { request }),
  responses: {
    200: { description: summary, headers: HEADERS, content },
    304: { description: 'Not modified' },
    ...problemResponses([...PROBLEMS, ...more]),
  },
});

export function publicOperations(): RouteConfig[] {
  const json = { [JSON_FEED_TYPE]: { schema: JsonFeed } };
  const atom = { [ATOM_TYPE]: { schema: Atom } };
  return [
    publicRead(
      '/announcements',
      'announcements',
      'What the cooperative tells the public, the newest first; Atom where `Accept` prefers it',
      { ...json, ...atom },
      { query: FeedQuery },
    ),
    publicRead('/announcements.atom', 'announcementsAtom', 'The same as Atom', atom, { query: FeedQuery }),
    publicRead(
      '/announcements/{id}',
      'announcement',
      'One released announcement, as a feed of its own',
      json,
      { params: PublicParams, query: PublicQuery },
      ['not-found'],
    ),
    publicRead(
      '/members',
      'members',
      'Who the members are: level, since when, represented and operated by whom',
      { 'application/json': { schema: PublicRegister } },
      undefined,
    ),
  ];
}
