/** Sites and nodes on the ledger, in the order of their declarations. */
import type { Held, HeldKind } from '../held/held';
import { holderOf } from '../held/holding';
import { combinations } from '../indexing';
import { indexPrefix } from '../keys';
import type { Node, NodeFilter, NodeRecord } from './node';
import { operationStatus } from './operation';
import type { Site, SiteFilter, SiteRecord } from './site';

type Facets<F> = Omit<Partial<F>, 'limit' | 'bookmark'>;

export const SITES: HeldKind<SiteRecord> = {
  resource: 'site',
  facets: (held) =>
    combinations([holderOf(held.holding).memberId], [held.record.kind], [operationStatus(held)]),
  sort: ({ id, declared }) => [declared.recorded.at, id],
};

export const sitesBy = ({ member, kind, status }: Facets<SiteFilter>) =>
  indexPrefix('site', [member, kind, status]);

export const NODES: HeldKind<NodeRecord> = {
  resource: 'node',
  facets: (held) => {
    const { site, kind } = held.record;
    const { memberId } = holderOf(held.holding);
    const places = [
      [undefined, undefined],
      [memberId, undefined],
      [undefined, site],
    ];
    const rest = combinations([kind], [operationStatus(held)]);
    return places.flatMap((place) => rest.map((facets) => [...place, ...facets]));
  },
  sort: ({ id, declared }) => [declared.recorded.at, id],
};

export const nodesBy = ({ member, site, kind, status }: Facets<NodeFilter>) =>
  indexPrefix('node', [member, site, kind, status]);

/** What lies over a record, of which its holder has declared the rest. */
function over({ record: { endorsement }, holding }: Held<SiteRecord | NodeRecord>) {
  const { holders, woundUp } = holding;
  return {
    memberId: holderOf(holding).memberId,
    mspId: endorsement.owner,
    operators: holders,
    ...(woundUp && { woundUp }),
    endorsements: [endorsement],
  };
}

export function siteView(held: Held<SiteRecord>): Site {
  const { endorsement: _endorsement, ...record } = held.record;
  return { ...record, status: operationStatus(held), ...over(held) };
}

export function nodeView(held: Held<NodeRecord>): Node {
  const { endorsement: _endorsement, ...record } = held.record;
  return { ...record, status: operationStatus(held), ...over(held) };
}
