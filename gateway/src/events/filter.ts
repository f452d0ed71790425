/** Which events somebody wants. */
import { FACT_TYPES } from 'umlauf-chaincode/api';
import { z } from 'zod';
import type { LedgerEvent } from './ledger-event.js';

/** Types and resources; each absent or empty: all. */
export interface EventFilter {
  readonly types?: readonly string[] | undefined;
  readonly resources?: readonly string[] | undefined;
}

const MOST = 50;

/** Schemas of a filter's parts. */
export const FilterTypes = z.array(z.enum(FACT_TYPES)).max(MOST);
export const FilterResources = z
  .array(
    z
      .string()
      .regex(
        /^(?:members|resolutions|foundations|bylaws|projects|services|announcements|documents)\/[a-z0-9][a-z0-9-]{2,63}$/,
        'must be the path of a resource, such as resolutions/<id>',
      ),
  )
  .max(MOST);

/** Makes the test of a filter. */
export function matcher({ types = [], resources = [] }: EventFilter): (event: LedgerEvent) => boolean {
  const [wanted, about] = [new Set<string>(types), new Set(resources)];
  return ({ type, resource }) =>
    (wanted.size === 0 || wanted.has(type)) && (about.size === 0 || about.has(resource));
}
