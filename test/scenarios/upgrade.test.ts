/** The chaincode changes while members vote, and nobody notices but by what it does. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ballot } from 'umlauf-chaincode/api';
import { call } from 'umlauf-network';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyChaincode, rebuildChaincode } from '../harness/built-chaincode.js';
import { umlauf as command } from '../harness/command.js';
import { ENGINE, recordOnly, startConsortium, type TestConsortium } from '../harness/consortium.js';
import { inline } from '../harness/inline-command.js';
import { until } from '../harness/until.js';

const CHAIR = 'bundesdruckerei';
/** Votes at a time while the chaincode changes. */
const IN_FLIGHT = 16;
/** The package's id says all of the code: `umlauf_<version>_<hash of the code>:<hash of the package>`. */
const PACKAGE_ID = /umlauf_\d+\.\d+\.\d+_[0-9a-f]{16}:[0-9a-f]{64}/;

let consortium: TestConsortium;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'umlauf-chaincode-'));
  copyChaincode(folder);
  consortium = await startConsortium();
});
afterAll(async () => {
  await consortium.stop();
  rmSync(folder, { recursive: true, force: true });
});

const umlauf = (...args: string[]) => inline(...args, '--home', consortium.directory);

async function inForce(): Promise<{ sequence: number; packageId: string; unapproved: string[] }> {
  const { stdout } = await umlauf('chaincode', 'deploy', '--json');
  return JSON.parse(stdout) as { sequence: number; packageId: string; unapproved: string[] };
}

describe('the chaincode', () => {
  it('in force is what is built here, approved by all and answering', async () => {
    const { code, stdout, stderr } = await umlauf('chaincode', 'deploy');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(PACKAGE_ID);
    expect(await inForce()).toMatchObject({ sequence: 1, unapproved: [] });
    expect((await umlauf('chaincode', 'upgrade')).stdout).toMatch(/in force already: the same code/);
    expect((await umlauf('status')).stdout).toMatch(
      /Chaincode\n {2}umlauf 0\.1\.0, sequence 1, package umlauf_/,
    );
  });

  it('does not come into force when it does not start, and all goes on as before', async () => {
    const before = await inForce();
    const broken = join(folder, 'broken');
    copyChaincode(broken);
    writeFileSync(join(broken, 'dist', 'index.js'), "throw new Error('not today');\n");
    expect((await umlauf('chaincode', 'upgrade', '--folder', broken)).code).toBe(1);
    expect(await inForce()).toEqual(before);
    expect((await umlauf('chaincode', 'upgrade', '--folder', '/nowhere')).stderr).toMatch(
      /\/nowhere\/package\.json is missing/,
    );
  });

  it('changes under load without a request that fails', async () => {
    const before = await inForce();
    rebuildChaincode(folder, 'another build');
    const voting = { done: false };
    const upgraded = until('votes are under way', () => (voting as { votes?: number }).votes !== undefined)
      .then(() => umlauf('chaincode', 'upgrade', '--folder', folder))
      .finally(() => (voting.done = true));
    const [upgrade, ...load] = await Promise.all([
      upgraded,
      ...Array.from({ length: IN_FLIGHT }, (_, index) => voteAgainAndAgain(index, voting)),
    ]);
    expect(upgrade).toMatchObject({ code: 0, stderr: '' });
    const votes = load.flat();
    expect(votes.length).toBeGreaterThanOrEqual(2 * IN_FLIGHT);
    const after = await inForce();
    expect(after).toMatchObject({ sequence: 2, unapproved: [] });
    expect(after.packageId).not.toBe(before.packageId);
  });

  it('that is in force stays so at the next start, which says that another is built here', async () => {
    const before = await inForce();
    await consortium.pause(async () => {
      const started = command('start', '--home', consortium.directory, '--engine', ENGINE);
      const said = await started.shows('Stop with Ctrl-C');
      expect(said).toMatch(
        /^! the chaincode built here is umlauf_\S+, another than in force: umlauf chaincode upgrade$/m,
      );
      started.process.kill('SIGINT');
      expect(await started.exit).toBe(0);
    });
    expect(await inForce()).toEqual(before);
    expect(existsSync(join(consortium.directory, 'endpoints.json'))).toBe(true);
  });
});

/**
 * A member opens resolutions and votes on them, one after the other, until it is told to stop; every answer must be a
 * success.
 */
async function voteAgainAndAgain(
  index: number,
  voting: { done: boolean; votes?: number },
): Promise<string[]> {
  const gateway = consortium.gateways[index % consortium.gateways.length]!;
  const chair = consortium.gateway(CHAIR);
  const votes: string[] = [];
  // One more round after the upgrade, with the new code alone.
  for (let round = 0, last = false; !last; round += 1) {
    last = voting.done;
    const id = `load-${index}-${round}`;
    await call(chair, 'board', 'POST', '/resolutions', { body: recordOnly(id, { majority: 'unanimous' }) });
    const { blockNumber } = await call(chair, 'board', 'POST', `/resolutions/${id}/open`);
    const { body } = await call<Ballot>(gateway, 'representative', 'PUT', `/resolutions/${id}/ballot`, {
      body: { choice: 'yes' },
      minBlock: blockNumber,
    });
    votes.push(body.status);
    voting.votes = (voting.votes ?? 0) + 1;
  }
  return votes;
}
