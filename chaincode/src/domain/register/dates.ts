/** Dates that acts carry: within what can have happened. */
import { FOUNDING_VERSION } from '../bylaws';
import type { Call } from '../call';
import { DomainError } from '../errors';
import { getBylaws } from './bylaws-versions';

/** @throws {DomainError} `date-out-of-range` */
export function checkDate(on: string, from: string, until: string): void {
  if (on < from || on > until) throw new DomainError('date-out-of-range', { from, until });
}

/** The day on which the cooperative was founded: nothing of it is older. */
export async function foundedOn(call: Call): Promise<string> {
  return (await getBylaws(call, FOUNDING_VERSION)).effectiveFrom;
}
