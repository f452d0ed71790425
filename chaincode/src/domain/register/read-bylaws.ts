import type { BylawsVersion } from '../bylaws';
import type { Call } from '../call';
import { DomainError } from '../errors';
import { bylawsLine, bylawsView, effectiveOn, getBylaws } from './bylaws-versions';
import { enter } from './cooperative';

/**
 * The bylaws in force on the ledger; a version; or those in force on a day by effective date.
 *
 * @throws {DomainError} `not-found` for an unknown version, or a day before the foundation, and what entering refuses
 */
export async function readBylaws(
  call: Call,
  { version, at }: { version?: string | undefined; at?: string | undefined },
): Promise<BylawsVersion> {
  const inForce = await enter(call, 'read');
  if (at === undefined) return bylawsView(await getBylaws(call, version ?? inForce.version));
  const effective = effectiveOn(await bylawsLine(call), at);
  if (!effective || (version !== undefined && effective.id !== version))
    throw new DomainError('not-found', { resource: 'bylaws' });
  return bylawsView(effective);
}
