/** What this machine's founders do for the foundation, as the consortium file and the bylaws describe it. */
import { readOrganizationFile } from '../home/organization-file.js';
import { identityOf, memberIdentity, type LocalOrganization } from '../home/organizations.js';
import type { Patience } from '../patience.js';
import type { GatewayAccess } from '../rest.js';
import { foundTogether, playFoundation, type FoundationStep } from './foundation.js';
import { foundersAmong, type ConsortiumDescription } from './load.js';

export interface FoundingParts {
  readonly description: ConsortiumDescription;
  /** Those that are on this machine. */
  readonly organizations: readonly LocalOrganization[];
  readonly gateways: readonly GatewayAccess[];
}

/**
 * Plays the foundation where all founders are here; else does their part, and waits for the others'.
 * @throws UserError if a founder's exported file is missing
 */
export async function found(
  { description, organizations, gateways }: FoundingParts,
  report: (step: FoundationStep) => void,
  patience: Patience,
): Promise<void> {
  const { members, bylaws } = description;
  const founders = foundersAmong(members);
  const identities = founders.map((founder) => {
    const local = organizations.find(({ member }) => member.id === founder.id);
    return local ? memberIdentity(local) : identityOf(founder, readOrganizationFile(founder));
  });
  const here = founders.flatMap(({ id }) => gateways.find(({ memberId }) => memberId === id) ?? []);
  if (here.length === founders.length) await playFoundation(here, identities, bylaws, report);
  else {
    identities.sort((a, b) => (a.id < b.id ? -1 : 1)); // the same on every machine, however its file lists them
    await foundTogether(here, { members: identities, bylaws }, report, patience);
  }
}
