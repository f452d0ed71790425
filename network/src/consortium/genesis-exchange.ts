/** The channel's first block on its way between the founders' machines: made on one, taken on the others. */
import { existsSync, readFileSync } from 'node:fs';
import { exportedPart } from '../engines/channel-profile.js';
import { openGenesis } from '../engines/fabric/genesis.js';
import { genesisFile } from '../engines/genesis-file.js';
import { writeAtomically } from '../home/files.js';
import type { Home } from '../home/home.js';
import { objectionToOrderer, readOrganizationFile, type PublicPart } from '../home/organization-file.js';
import { openOrganizations } from '../home/organizations.js';
import { openPorts } from '../home/ports.js';
import { UserError } from '../user-error.js';
import { checkFounders } from './founders.js';
import { checkConfiguration, checkRoots, readGenesis } from './genesis-check.js';
import { foundersAmong, membersHere, type ConsortiumDescription } from './load.js';

/**
 * Makes the channel's first block from what all founders show to each other, or takes the one that is there.
 * @param orderers how many of the founders, from the first on, order. Default: 4
 * @throws UserError if a founder's exported file is missing or won't do
 */
export async function makeGenesis(
  home: Home,
  description: ConsortiumDescription,
  orderers?: number,
): Promise<Uint8Array> {
  const founders = await foundersOf(home, description);
  for (const [index, founder] of founders.entries()) {
    const objection = objectionToOrderer(founder);
    if (objection !== undefined) throw new UserError(`${founder.mspId} (founder ${index + 1}): ${objection}`);
  }
  const parts = founders.map(({ orderer, ...founder }) => ({
    publicPart: (withOrderer: boolean) => Promise.resolve(withOrderer ? { ...founder, orderer } : founder),
  }));
  const { block } = await openGenesis(genesisFile(home, 'fabric'), description.channel, parts, orderers);
  return block;
}

/**
 * Takes a first block that was made on another machine, after it has been checked. Taken again, it is harmless.
 * @throws UserError naming the file and what is wrong with it: another channel, other founders, other roots; for a
 *   founder also any difference of rules and addresses
 */
export async function takeGenesis(
  home: Home,
  description: ConsortiumDescription,
  file: string,
): Promise<void> {
  if (!existsSync(file)) throw new UserError(`${file}: there is no such file`);
  const bytes = readFileSync(file);
  const own = genesisFile(home, 'fabric');
  if (existsSync(own)) {
    if (!readFileSync(own).equals(bytes))
      throw new UserError(
        `${file}: is another first block than the one that ${home.directory} was made with`,
      );
    return;
  }
  const genesis = readGenesis(bytes, file);
  checkFounders(description, file, genesis);
  const founders = await foundersOf(home, description);
  checkRoots(genesis, founders, file);
  if (foundersAmong(membersHere(description)).length > 0) checkConfiguration(genesis, founders, file);
  writeAtomically(own, bytes);
}

/** What this machine knows of the founders, in the order of the consortium file. */
async function foundersOf(home: Home, description: ConsortiumDescription): Promise<PublicPart[]> {
  const founders = foundersAmong(description.members);
  const here = await openOrganizations(home, membersHere({ members: founders }), () => undefined);
  const ports = openPorts(home);
  const parts: PublicPart[] = [];
  for (const member of founders) {
    const local = here.find((organization) => organization.member === member);
    parts.push(local ? await exportedPart(local, ports) : readOrganizationFile(member));
  }
  return parts;
}
