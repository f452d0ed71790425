import { type Call, recorded } from '../call';
import { sameContent } from '../canonical';
import { DomainError } from '../errors';
import { enterForHeld, findHeld, putRecord } from '../held/held';
import { type Node, type NodeChange, type NodeRecord, NO_ENDPOINT, isOnChannel } from './node';
import { operationStatus } from './operation';
import { NODES, SITES, nodeView, siteView } from './records';
import { asSite, checkCarried, checkRunningSince, requireRunnable, requireStatus } from './rules';
import type { Site, SiteChange } from './site';

/**
 * The operator's board changes what is declared of a site, or declares that it runs.
 *
 * @throws {DomainError} `not-found`, `unchanged`, `wrong-status`, `date-out-of-range` and what entering refuses
 */
export async function changeSite(
  call: Call,
  { id, change }: { id: string; change: SiteChange },
): Promise<Site> {
  const { found, today } = await enterForHeld(call, 'change-site', SITES, id);
  requireStatus('site', operationStatus(found), ['planned', 'running']);
  const changed = { ...found.record, ...given(change) };
  if (sameContent(found.record, changed)) throw new DomainError('unchanged', { resource: 'site' });
  await checkRunningSince(call, change, today);
  const after = await putRecord(call, SITES, found, { ...changed, changed: recorded(call) });
  call.tell('site.changed', id, { status: operationStatus(after) });
  return siteView(after);
}

/**
 * The operator's board changes what is declared of a node, or declares that it runs.
 *
 * @throws {DomainError} `not-found`, `unchanged`, `invalid-input`, `reference-unknown`, `wrong-status`,
 *   `date-out-of-range` and what entering refuses
 */
export async function changeNode(
  call: Call,
  { id, change }: { id: string; change: NodeChange },
): Promise<Node> {
  const { found, today } = await enterForHeld(call, 'change-node', NODES, id);
  requireStatus('node', operationStatus(found), ['planned', 'running']);
  const changed = withoutNulls({ ...found.record, ...given(change) }) as NodeRecord;
  if (sameContent(found.record, changed)) throw new DomainError('unchanged', { resource: 'node' });
  if (change.endpoint && !isOnChannel(found.record.kind)) throw noEndpoint();
  await checkCarried(call, change);
  if (change.runningSince !== undefined) {
    await checkRunningSince(call, change, today);
    const site = await findHeld(call, SITES, found.record.site);
    if (!site) throw new Error('a node without its site');
    requireRunnable(change, asSite(site), today);
  }
  const after = await putRecord(call, NODES, found, { ...changed, changed: recorded(call) });
  call.tell('node.changed', id, { status: operationStatus(after) });
  return nodeView(after);
}

const noEndpoint = (): DomainError =>
  new DomainError('invalid-input', { issues: [{ path: 'change.endpoint', message: NO_ENDPOINT }], more: 0 });

const given = (change: object): object =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
const withoutNulls = (record: object): object =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null));
