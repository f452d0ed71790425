/** The versions of the bylaws on the ledger: which is in force, and which was by its effective date. */
import type { BylawsRecord, BylawsVersion } from '../bylaws';
import type { Call } from '../call';
import { DomainError } from '../errors';
import { bylawsInForce, bylawsVersion } from '../keys';

/** @throws {DomainError} `not-found` */
export async function getBylaws(call: Call, id: string): Promise<BylawsRecord> {
  const version = await call.ledger.get(bylawsVersion(id));
  if (!version) throw new DomainError('not-found', { resource: 'bylaws' });
  return version;
}

/**
 * From the version in force back to the foundation's. One line: an amendment takes effect only on the base that it
 * names, so no version has two successors.
 */
export async function bylawsLine(call: Call): Promise<BylawsRecord[]> {
  const line: BylawsRecord[] = [];
  let next = (await call.ledger.get(bylawsInForce))?.version;
  while (next !== undefined) {
    const version = await getBylaws(call, next);
    line.push(version);
    next = version.base;
  }
  return line;
}

/** The version that was in force on a day by effective date, of a line that begins with the newest. */
export function effectiveOn(line: readonly BylawsRecord[], date: string): BylawsRecord | undefined {
  return line.find(({ effectiveFrom }) => effectiveFrom <= date);
}

export function bylawsView(version: BylawsRecord): BylawsVersion {
  return { ...version, status: version.supersededAt === undefined ? 'in-force' : 'superseded' };
}
