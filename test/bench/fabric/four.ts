import type { Member } from 'umlauf-chaincode/api';
import { all } from 'umlauf-network';
import { admit } from '../../harness/assembly.js';
import { startHome, type Home } from '../../harness/home.js';
import { Load } from '../load.js';
import type { Figure } from '../measure.js';
import { compare } from '../votes.js';
import { seconds } from './seconds.js';

const APPLICANT = 'north-rhine-westphalia';

/** Four organizations with four orderers: coming up, votes, a fifth organization, down and up again. */
export async function fourOrganizations(quick: boolean): Promise<Figure[]> {
  const up = await seconds(() => startHome({ manual: true }));
  const home = up.result;
  try {
    const load = await Load.on(home.directory);
    const votes = await compare(load, { turns: quick ? 2 : 4, parallel: 60, sequential: 12 }, { ratio: 0.9 });
    load.close();
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
      ...votes.map((vote) => ({ ...vote, name: `real Fabric: ${vote.name}` })),
    ];
  } finally {
    await home.remove();
  }
}

/** All that the first member's gateway tells of the members. */
async function register(home: Home): Promise<string> {
  const gateway = home.gateway('bundesdruckerei');
  return JSON.stringify(await all<Member>(gateway, 'auditor', '/members'));
}
