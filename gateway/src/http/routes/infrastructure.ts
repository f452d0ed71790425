/** Sites, and the nodes that run there. */
import { randomUUID } from 'node:crypto';
import {
  Id,
  NO_ENDPOINT,
  NodeChange,
  NodeContent,
  NodeFilter,
  OperationEnd,
  SiteChange,
  SiteDeclaration,
  SiteFilter,
  hasNoOtherEndpoint,
} from 'umlauf-chaincode/api';
import { z } from 'zod';
import { EXAMPLES } from '../examples.js';
import { write, type Route } from '../route.js';
import { readsOf } from './reads.js';

const tag = 'Infrastructure';
const params = z.strictObject({ id: Id });
const input = ({ id }: { id: string }) => ({ id });
const site = {
  location: ({ id }: { id: string }) => `/sites/${id}`,
  current: { transaction: 'sites:get', input } as const,
};
const node = {
  location: ({ id }: { id: string }) => `/nodes/${id}`,
  current: { transaction: 'nodes:get', input } as const,
};

const NewSite = SiteDeclaration.partial({ id: true }).meta({
  id: 'NewSite',
  description: 'A site; without `id` the gateway makes one',
});
const NewNode = NodeContent.partial({ id: true })
  .refine(hasNoOtherEndpoint, { path: ['endpoint'], error: NO_ENDPOINT })
  .meta({ id: 'NewNode', description: 'A node; without `id` the gateway makes one' });

/** Whether what stands has what was asked for; null asks for nothing to be there. */
const holds = (stands: object, change: object): boolean =>
  Object.entries(change).every(
    ([name, value]) =>
      JSON.stringify((stands as Record<string, unknown>)[name] ?? null) === JSON.stringify(value ?? null),
  );

export const infrastructureRoutes: readonly Route[] = [
  ...readsOf({
    kind: 'sites',
    tag,
    list: 'Data centres and clouds, by operator, kind and status, in the order of their declarations',
    one: 'a site',
    filter: SiteFilter,
  }),
  write({
    ...site,
    method: 'post',
    path: '/sites',
    tag,
    summary: "Declare a site that this gateway's member operates, and its first nodes",
    transaction: 'sites:declare',
    body: NewSite,
    example: EXAMPLES.site,
    created: true,
    roles: ['board'],
    input: ({ body }) => ({ ...body, id: body.id ?? randomUUID() }),
    recorded: ({ declared }) => declared.recorded,
    problems: ['id-conflict', 'reference-unknown', 'wrong-status', 'date-out-of-range'],
  }),
  write({
    ...site,
    method: 'patch',
    path: '/sites/{id}',
    tag,
    summary: 'Change what is declared of a site, or declare that it runs; by its operator',
    transaction: 'sites:change',
    params,
    body: SiteChange,
    example: EXAMPLES.siteChange,
    roles: ['board'],
    input: ({ params: { id }, body }) => ({ id, change: body }),
    recorded: ({ changed, declared }) => changed ?? declared.recorded,
    shows: (stands, { change }) => holds(stands, change),
    problems: ['not-found', 'wrong-status', 'date-out-of-range'],
  }),
  write({
    ...site,
    method: 'post',
    path: '/sites/{id}/end',
    tag,
    summary: 'End a site, at which no node runs any more; by its operator',
    transaction: 'sites:end',
    params,
    body: OperationEnd,
    example: EXAMPLES.end,
    roles: ['board'],
    input: ({ params: { id }, body }) => ({ id, ...body }),
    recorded: ({ ended }) => ended?.recorded,
    problems: ['not-found', 'wrong-status', 'site-in-use', 'date-out-of-range'],
  }),
  ...readsOf({
    kind: 'nodes',
    tag,
    list: 'Nodes, by operator, site, kind and status, in the order of their declarations',
    one: 'a node',
    filter: NodeFilter,
  }),
  write({
    ...node,
    method: 'post',
    path: '/nodes',
    tag,
    summary: "Declare a node at a site of this gateway's member",
    transaction: 'nodes:declare',
    body: NewNode,
    example: EXAMPLES.node,
    created: true,
    roles: ['board'],
    input: ({ body }) => ({ ...body, id: body.id ?? randomUUID() }),
    recorded: ({ declared }) => declared.recorded,
    problems: ['id-conflict', 'reference-unknown', 'site-of-another', 'wrong-status', 'date-out-of-range'],
  }),
  write({
    ...node,
    method: 'patch',
    path: '/nodes/{id}',
    tag,
    summary: 'Change what is declared of a node, or declare that it runs; by its operator',
    transaction: 'nodes:change',
    params,
    body: NodeChange,
    example: EXAMPLES.nodeChange,
    roles: ['board'],
    input: ({ params: { id }, body }) => ({ id, change: body }),
    recorded: ({ changed, declared }) => changed ?? declared.recorded,
    shows: (stands, { change }) => holds(stands, change),
    problems: ['not-found', 'reference-unknown', 'wrong-status', 'date-out-of-range'],
  }),
  write({
    ...node,
    method: 'post',
    path: '/nodes/{id}/end',
    tag,
    summary: 'End a node; by its operator',
    transaction: 'nodes:end',
    params,
    body: OperationEnd,
    example: EXAMPLES.end,
    roles: ['board'],
    input: ({ params: { id }, body }) => ({ id, ...body }),
    recorded: ({ ended }) => ended?.recorded,
    problems: ['not-found', 'wrong-status', 'date-out-of-range'],
  }),
];
