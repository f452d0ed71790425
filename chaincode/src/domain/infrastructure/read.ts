import type { Call } from '../call';
import { enterForHeld, heldHistory, heldOfEntry } from '../held/held';
import type { HistoryStep } from '../history';
import { type PageRequest, pageOfAll, pageOfEntries } from '../paging';
import type { Page } from '../primitives';
import { enter } from '../register/cooperative';
import type { Node, NodeFilter } from './node';
import { NODES, SITES, nodeView, nodesBy, siteView, sitesBy } from './records';
import type { Site, SiteFilter } from './site';

/** @throws {DomainError} `not-found` and what entering refuses */
export async function readSite(call: Call, { id }: { id: string }): Promise<Site> {
  return siteView((await enterForHeld(call, 'read', SITES, id)).found);
}

/** In the order of their declarations. */
export async function listSites(call: Call, filter: SiteFilter): Promise<Page<Site>> {
  await enter(call, 'read');
  return pageOfEntries(call.ledger, sitesBy(filter), filter, async (entry) =>
    siteView(await heldOfEntry(call, SITES, entry)),
  );
}

/** @throws {DomainError} `not-found` and what entering refuses */
export async function siteHistory(
  call: Call,
  { id, ...request }: { id: string } & PageRequest,
): Promise<Page<HistoryStep>> {
  const { found } = await enterForHeld(call, 'read', SITES, id);
  return pageOfAll(await heldHistory(call, SITES, found), request);
}

/** @throws {DomainError} `not-found` and what entering refuses */
export async function readNode(call: Call, { id }: { id: string }): Promise<Node> {
  return nodeView((await enterForHeld(call, 'read', NODES, id)).found);
}

/** In the order of their declarations. */
export async function listNodes(call: Call, filter: NodeFilter): Promise<Page<Node>> {
  await enter(call, 'read');
  return pageOfEntries(call.ledger, nodesBy(filter), filter, async (entry) =>
    nodeView(await heldOfEntry(call, NODES, entry)),
  );
}

/** @throws {DomainError} `not-found` and what entering refuses */
export async function nodeHistory(
  call: Call,
  { id, ...request }: { id: string } & PageRequest,
): Promise<Page<HistoryStep>> {
  const { found } = await enterForHeld(call, 'read', NODES, id);
  return pageOfAll(await heldHistory(call, NODES, found), request);
}
