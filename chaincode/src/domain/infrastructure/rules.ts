/** Rules of the infrastructure: what may run where, since when, and what it may refer to. */
import type { Call } from '../call';
import { DomainError } from '../errors';
import { type Held, requireKnown } from '../held/held';
import { checkDate, foundedOn } from '../register/dates';
import type { NodeOfSite } from './node';
import { type OperationStatus, operationStatus } from './operation';
import type { SiteRecord } from './site';

/** @throws {DomainError} `wrong-status` */
export function requireStatus(
  resource: 'site' | 'node',
  status: OperationStatus,
  allowed: readonly OperationStatus[],
): void {
  if (!allowed.includes(status)) throw new DomainError('wrong-status', { resource, status, allowed });
}

/**
 * A node runs at a site that runs, from its first day on at the earliest.
 *
 * @param site as it stands, or as it is declared together with the node
 * @throws {DomainError} `wrong-status`, `date-out-of-range`
 */
export function requireRunnable(
  { runningSince }: Pick<NodeOfSite, 'runningSince'>,
  site: { readonly status: OperationStatus; readonly runningSince?: string | undefined },
  today: string,
): void {
  requireStatus('site', site.status, runningSince === undefined ? ['planned', 'running'] : ['running']);
  if (runningSince !== undefined && site.runningSince !== undefined)
    checkDate(runningSince, site.runningSince, today);
}

export const asSite = (site: Held<SiteRecord>) => ({
  status: operationStatus(site),
  runningSince: site.record.runningSince,
});

/** @throws {DomainError} `date-out-of-range` */
export async function checkRunningSince(
  call: Call,
  { runningSince }: { readonly runningSince?: string | undefined },
  today: string,
): Promise<void> {
  if (runningSince !== undefined) checkDate(runningSince, await foundedOn(call), today);
}

/** What a node carries is on the ledger. @throws {DomainError} `reference-unknown` */
export async function checkCarried(
  call: Call,
  { carries }: { readonly carries?: NodeOfSite['carries'] | null },
): Promise<void> {
  for (const { resource, id } of carries ?? []) await requireKnown(call, 'carries', resource, [id]);
}
