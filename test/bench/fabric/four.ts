import type { Member, Resolution } from 'umlauf-chaincode/api';
import { all } from 'umlauf-network';
import { admit } from '../../harness/assembly.js';
import { startHome, type Home } from '../../harness/home.js';
import { Load } from '../load.js';
import type { Figure } from '../measure.js';
import { compare } from '../votes.js';
import { seconds } from './seconds.js';

const APPLICANT = 'north-rhine-westphalia';

/** Four organizations with four orderers: coming up and a fifth organization; votes, down and up again on another network. */
export async function fourOrganizations(quick: boolean): Promise<Figure[]> {
  return [...(await growing()), ...(await votesThenUpAgain(quick))];
}

const figureOf = (name: string, value: number, atMost: number): Figure => ({
  name: `real Fabric, 4 organizations, 4 orderers: ${name}`,
  value,
  unit: 's',
  target: { atMost },
});

async function growing(): Promise<Figure[]> {
  const up = await seconds(() => startHome({ manual: true }));
  const home = up.result;
  try {
    await admit(home, APPLICANT);
    const added = await seconds(() => home.run('org', 'add', APPLICANT));
    return [figureOf('zero to ready', up.seconds, 10), figureOf('org add', added.seconds, 8)];
  } finally {
    await home.remove();
  }
}

async function votesThenUpAgain(quick: boolean): Promise<Figure[]> {
  const home = await startHome({ manual: true });
  try {
    const load = await Load.on(home.directory);
    const extent = { turns: quick ? 7 : 11, parallel: 120, sequential: 4 };
    const figures = await compare(load, extent, { ratio: 0.93 });
    load.close();
    const before = await whatIsHeld(home);
    const down = await seconds(() => home.run('down'));
    const again = await seconds(() => home.up());
    if ((await whatIsHeld(home)) !== before) throw new Error('the ledger is not what it was before');
    return [
      ...figures.map((vote) => ({ ...vote, name: `real Fabric: ${vote.name}` })),
      figureOf('down after these votes', down.seconds, 3),
      figureOf('up again with all it had', again.seconds, 10),
    ];
  } finally {
    await home.remove();
  }
}

/** The members, and which resolutions there are: those that were voted on may be decided at any time. */
async function whatIsHeld(home: Home): Promise<string> {
  const gateway = home.gateway('bundesdruckerei');
  const members = await all<Member>(gateway, 'auditor', '/members');
  const resolutions = await all<Resolution>(gateway, 'auditor', '/resolutions');
  return JSON.stringify([members, resolutions.map(({ id }) => id)]);
}
