/** `GET /infrastructure`: what is declared to run, beside what this gateway's peer sees on the channel. */
import type { RequestHandler } from 'express';
import {
  Instant,
  MspId,
  Node,
  NodeKind,
  Paging,
  ROLES,
  pageOf,
  type Page,
  type Role,
} from 'umlauf-chaincode/api';
import { z } from 'zod';
import { COMPARISONS, compared, type ComparedNode } from '../infrastructure/compare.js';
import { evaluateProblem } from '../fabric/evaluate-failure.js';
import { parsed } from '../ledger.js';
import { invalidInput, queryValues, validated } from './input.js';
import { answered, authorized, type Services } from './operation.js';

const ObservedView = z.object({
  seen: z.boolean().meta({
    description:
      "A peer: whether this gateway's peer takes it for alive. An orderer: whether the channel's configuration names it; whether it is alive, no peer knows",
  }),
  height: z.int().optional().meta({ description: 'Blocks that a peer had when it was last heard of' }),
  lastSeen: Instant.meta({
    description:
      "When this gateway last learnt of a sign of life of a peer, or last found an orderer in the channel's configuration; since the gateway started",
  }),
});

const InfrastructureNode = z
  .object({
    id: z.string().meta({ description: 'Of the declared node; of another one kind, MSP id and endpoint' }),
    status: z.enum(COMPARISONS).meta({
      description:
        'agrees: declared to run, and seen; declared-not-seen and seen-not-declared: a difference; planned: not declared to run yet; unobservable: gateways, chaincode services and others, and what is declared without an endpoint, cannot be observed on the channel and are no difference',
    }),
    kind: NodeKind,
    mspId: MspId,
    endpoint: z.string().optional(),
    declared: Node.optional(),
    observed: ObservedView.optional(),
  })
  .meta({ id: 'InfrastructureNode' });
type View = z.infer<typeof InfrastructureNode>;

export const InfrastructurePage = pageOf(InfrastructureNode);
export const infrastructureQuery = z.strictObject({
  ...Paging.shape,
  status: z.enum(COMPARISONS).optional(),
});

const MOST = 200;

/** Every node that is declared to run or planned. */
async function declaredNodes(services: Services, role: Role): Promise<Node[]> {
  const nodes: Node[] = [];
  for (const status of ['running', 'planned'] as const) {
    let bookmark: string | undefined;
    do {
      const input = { status, limit: MOST, ...(bookmark === undefined ? {} : { bookmark }) };
      const { bytes } = await answered(services, { transaction: 'nodes:list', input, role }, true);
      const page = parsed(bytes) as Page<Node>;
      nodes.push(...page.items);
      bookmark = page.bookmark;
    } while (bookmark !== undefined);
  }
  return nodes;
}

function view({ observed, ...node }: ComparedNode): View {
  if (!observed) return node;
  const { seen, height, lastSeenMs } = observed;
  const lastSeen = new Date(lastSeenMs).toISOString();
  return { ...node, observed: { seen, lastSeen, ...(height === undefined ? {} : { height }) } };
}

/** The page of a list that is made anew each time; the bookmark is the offset of the next item. */
function page<T>(all: readonly T[], { limit, bookmark = '0' }: z.infer<typeof Paging>): Page<T> {
  if (!/^(?:0|[1-9]\d{0,8})$/.test(bookmark))
    throw invalidInput('bookmark', 'must be a bookmark as this list answered it');
  const end = Number(bookmark) + limit;
  const items = all.slice(Number(bookmark), end);
  return end < all.length ? { items, bookmark: String(end) } : { items };
}

export function infrastructureHandler(services: Services): RequestHandler {
  const { observed, blocks, self } = services;
  return async (request, response) => {
    const { role } = await authorized(request, response, services, 'infrastructure:list', ROLES);
    const { status, ...paging } = validated(infrastructureQuery, queryValues(request.query));
    const { last } = blocks;
    // The contract judges first whether the caller's organization may read.
    const declared = await declaredNodes(services, role);
    const seen = await observed.nodes().catch((error: unknown) => {
      throw evaluateProblem(error, self.mspId);
    });
    const nodes = compared(declared, seen).filter((node) => status === undefined || node.status === status);
    if (last >= 0n) response.set('Block-Number', String(last));
    response.json(page(nodes.map(view), paging));
  };
}
