/** Index entries: one for each combination of a resource's filters, so that every filtered page is one full range. */
import { canonicalJson } from './canonical';
import { PRESENT, indexKey } from './keys';
import type { Ledger } from './ledger';

type Facets = readonly (string | undefined)[];

/** Moves a resource's index entries from its former facets to its present ones; `sort` stays what it is. */
export async function reindex(
  ledger: Ledger,
  resource: string,
  sort: readonly string[],
  before: readonly Facets[] | undefined,
  after: readonly Facets[],
): Promise<void> {
  const name = (facets: Facets) => canonicalJson(facets);
  const present = new Set(after.map(name));
  const former = new Set(before?.map(name));
  for (const facets of before ?? [])
    if (!present.has(name(facets))) await ledger.delete(indexKey(resource, facets, ...sort));
  for (const facets of after)
    if (!former.has(name(facets))) await ledger.put(indexKey(resource, facets, ...sort), PRESENT);
}

/** Each filter with each of a resource's values or with any: every combination that can be asked for. */
export function combinations(...filters: readonly (readonly string[])[]): (string | undefined)[][] {
  return filters.reduce<(string | undefined)[][]>(
    (rows, values) => rows.flatMap((row) => [undefined, ...values].map((value) => [...row, value])),
    [[]],
  );
}
