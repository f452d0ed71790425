import type { Member } from 'umlauf-chaincode/api';
import { all } from 'umlauf-network';
import { admit } from '../../harness/assembly.js';
import { startHome, type Home } from '../../harness/home.js';
import { Load } from '../load.js';
import type { Figure } from '../measure.js';
import { compare } from '../votes.js';
import { seconds } from './seconds.js';

const APPLICANT = 'north-rhine-westphalia';

/** Four organizations with four orderers: coming up, a fifth organization, down and up again; votes on another network. */
export async function fourOrganizations(quick: boolean): Promise<Figure[]> {
  return [...(await comingAndGoing()), ...(await votes(quick))];
}

async function comingAndGoing(): Promise<Figure[]> {
  const up = await seconds(() => startHome({ manual: true }));
  const home = up.result;
  try {
    await admit(home, APPLICANT);
    const added = await seconds(() => home.run('org', 'add', APPLICANT));
    const before = await register(home);
    const down = await seconds(() => home.run('down'));
    const again = await seconds(() => home.up());
    if ((await register(home)) !== before) throw new Error('the register is not what it was before');
    const figure = (name: string, value: number, atMost: number): Figure => ({
      name: `real Fabric, 4 organizations, 4 orderers: ${name}`,
      value,
      unit: 's',
      target: { atMost },
    });
    return [
      figure('zero to ready', up.seconds, 10),
      figure('org add', added.seconds, 8),
      figure('down', down.seconds, 3),
      figure('up again with all it had, 5 organizations', again.seconds, 10),
    ];
  } finally {
    await home.remove();
  }
}

async function votes(quick: boolean): Promise<Figure[]> {
  const home = await startHome({ manual: true });
  try {
    const load = await Load.on(home.directory);
    const extent = { turns: quick ? 6 : 10, parallel: 60, sequential: 4 };
    const figures = await compare(load, extent, { ratio: 0.93 });
    load.close();
    return figures.map((vote) => ({ ...vote, name: `real Fabric: ${vote.name}` }));
  } finally {
    await home.remove();
  }
}

/** All that the first member's gateway tells of the members. */
async function register(home: Home): Promise<string> {
  const gateway = home.gateway('bundesdruckerei');
  return JSON.stringify(await all<Member>(gateway, 'auditor', '/members'));
}
