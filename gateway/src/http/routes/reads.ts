/** The three reads that every kind of resource has: the list, one of them, and what was recorded of it. */
import { Id, Paging } from 'umlauf-chaincode/api';
import { z } from 'zod';
import type { ReadRoute, RouteRequest } from '../route.js';

type Kind =
  'members' | 'resolutions' | 'projects' | 'services' | 'sites' | 'nodes' | 'announcements' | 'documents';

interface Reads {
  /** As path and contract are named. */
  readonly kind: Kind;
  readonly tag: string;
  /** What is listed, by what, in which order. */
  readonly list: string;
  /** One of them in words, with its indefinite article. */
  readonly one: `${'a' | 'an'} ${string}`;
  readonly filter: z.ZodObject;
}

const nothing = z.strictObject({});
const named = z.strictObject({ id: Id });
type Named = RouteRequest<z.output<typeof named>, object>;

export function readsOf({ kind, tag, list, one, filter }: Reads): readonly ReadRoute[] {
  const common = { kind: 'read', method: 'get', tag } as const;
  return [
    {
      ...common,
      path: `/${kind}`,
      summary: list,
      transaction: `${kind}:list`,
      params: nothing,
      query: filter,
      input: ({ query }) => query,
    },
    {
      ...common,
      path: `/${kind}/{id}`,
      summary: one.replace(/^an? /, 'One '),
      transaction: `${kind}:get`,
      params: named,
      query: nothing,
      input: (request) => (request as Named).params,
    },
    {
      ...common,
      path: `/${kind}/{id}/history`,
      summary: `What was recorded of ${one}, in order of time`,
      transaction: `${kind}:history`,
      params: named,
      query: Paging,
      input: (request) => ({ ...(request as Named).params, ...(request as Named).query }),
    },
  ];
}
