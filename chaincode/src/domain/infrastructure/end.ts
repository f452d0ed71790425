import { type Call, recorded } from '../call';
import { DomainError } from '../errors';
import { enterForHeld, putRecord } from '../held/held';
import { checkDate, foundedOn } from '../register/dates';
import type { Node } from './node';
import { operationStatus } from './operation';
import { NODES, SITES, nodeView, nodesBy, siteView } from './records';
import { requireStatus } from './rules';
import type { Site } from './site';

/** So many ids fit into an error. */
const IDS_IN_ERROR = 5;

interface End {
  readonly id: string;
  readonly on: string;
}

/**
 * The operator's board declares the last day of a site, at which nothing runs any more.
 *
 * @throws {DomainError} `not-found`, `unchanged`, `wrong-status`, `site-in-use`, `date-out-of-range` and what entering
 *   refuses
 */
export async function endSite(call: Call, { id, on }: End): Promise<Site> {
  const { found, today } = await enterForHeld(call, 'end-site', SITES, id);
  const { record } = found;
  if (record.ended?.on === on) throw new DomainError('unchanged', { resource: 'site' });
  requireStatus('site', operationStatus(found), ['planned', 'running']);
  // A range that is checked again at commit: no node begins to run unseen.
  const running = await call.ledger.range(nodesBy({ site: id, status: 'running' }));
  if (running.length > 0)
    throw new DomainError('site-in-use', {
      nodes: running.slice(0, IDS_IN_ERROR).map(({ parts }) => parts.at(-1)),
      more: Math.max(0, running.length - IDS_IN_ERROR),
    });
  checkDate(on, record.runningSince ?? (await foundedOn(call)), today);
  const after = await putRecord(call, SITES, found, { ...record, ended: { on, recorded: recorded(call) } });
  call.tell('site.ended', id, { on });
  return siteView(after);
}

/**
 * The operator's board declares the last day of a node.
 *
 * @throws {DomainError} `not-found`, `unchanged`, `wrong-status`, `date-out-of-range` and what entering refuses
 */
export async function endNode(call: Call, { id, on }: End): Promise<Node> {
  const { found, today } = await enterForHeld(call, 'end-node', NODES, id);
  const { record } = found;
  if (record.ended?.on === on) throw new DomainError('unchanged', { resource: 'node' });
  requireStatus('node', operationStatus(found), ['planned', 'running']);
  checkDate(on, record.runningSince ?? (await foundedOn(call)), today);
  const after = await putRecord(call, NODES, found, { ...record, ended: { on, recorded: recorded(call) } });
  call.tell('node.ended', id, { on });
  return nodeView(after);
}
