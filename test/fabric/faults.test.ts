import type { Member } from 'umlauf-chaincode/api';
import { call } from 'umlauf-network';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../harness/until.js';
import { admit } from '../harness/assembly.js';
import { expectAgreement } from './agreement.js';
import { missingFabric } from './binaries.js';
import { startHome, type Home } from '../harness/home.js';
import { killEverything, killHolder, killNative, leader, nativeProcesses } from '../harness/processes.js';
import { voteUnder } from './voting.js';

const NRW = 'north-rhine-westphalia';
const BAVARIA = 'bavaria';
const JOIN_MS = 90_000;

let home: Home;
let founders: readonly string[];
beforeAll(async () => {
  home = await startHome();
  founders = home.gateways().map(({ memberId }) => memberId);
});
afterAll(async () => await home.remove());

const joined = (memberId: string) =>
  until(`${memberId} has a gateway`, () => home.gateways().find((gateway) => gateway.memberId === memberId), {
    timeoutMilliseconds: JOIN_MS,
    pauseMilliseconds: 100,
  });

describe.skipIf(missingFabric !== undefined)('64 ballots on sixteen open resolutions survive kill -9', () => {
  it('of one peer: the own one for its member, another one for the rest', async () => {
    await voteUnder(home, 'peer', () => killNative(home, 'municipal-provider-1.peer'));
    await expectAgreement(home, 'municipal-provider-1');
  });

  it('of a chaincode service', async () => {
    await voteUnder(home, 'chaincode', () => killNative(home, 'itdz-berlin.chaincode-'));
    await expectAgreement(home, 'itdz-berlin');
  });

  it('of the orderer that leads: another takes over', async () => {
    const first = await until('an orderer leads', () => leader(home, founders));
    await voteUnder(home, 'leader', () => killNative(home, `${first}.orderer`));
    await until(
      'another orderer leads',
      async () => {
        const leading = await leader(home, founders);
        // One that is up again before the others miss it goes on leading.
        if (leading === first) await killNative(home, `${first}.orderer`);
        return leading === first ? undefined : leading;
      },
      { timeoutMilliseconds: 120_000 },
    );
    await expectAgreement(home, first);
  });

  it('of each orderer in turn', async () => {
    await voteUnder(home, 'orderers', async () => {
      for (const founder of founders) await killNative(home, `${founder}.orderer`);
    });
    await expectAgreement(home, 'bundesdruckerei');
  });

  it('of the process with the gateways, once it is brought up again', async () => {
    const before = nativeProcesses(home);
    await voteUnder(home, 'gateways', async () => {
      await killHolder(home);
      await home.up();
    });
    expect(nativeProcesses(home)).toEqual(before);
    await expectAgreement(home, 'itdz-berlin');
  });

  it('of everything, once it is brought up again', async () => {
    await voteUnder(home, 'everything', async () => {
      await killEverything(home);
      await home.up();
    });
    await expectAgreement(home, 'municipal-provider-2');
  });

  it('and a restart', async () => {
    await voteUnder(home, 'restart', async () => {
      await home.run('restart');
    });
    await expectAgreement(home, 'municipal-provider-1');
  });
});

describe.skipIf(missingFabric !== undefined)('an organization that joins', () => {
  it('under a running vote takes nothing from it, and votes from then on', async () => {
    await voteUnder(
      home,
      'joining',
      async () => {
        await admit(home, NRW);
        await joined(NRW);
      },
      { afterwards: 4 },
    );
    expect(await joined(NRW)).toMatchObject({ memberId: NRW });
    await voteUnder(home, 'five', () => killNative(home, `${NRW}.peer`));
    await expectAgreement(home, NRW);
  });

  it('and is interrupted by a full stop has joined once it is brought up again', async () => {
    await admit(home, BAVARIA);
    await until('its peer is started', () => nativeProcesses(home).has(`${BAVARIA}.peer`), {
      timeoutMilliseconds: JOIN_MS,
    });
    await killEverything(home);
    await home.up();
    const { body } = await call<Member>(await joined(BAVARIA), 'auditor', 'GET', `/members/${BAVARIA}`);
    expect(body).toMatchObject({ status: 'admitted', joined: { mspId: 'BavariaMSP' } });
    await expectAgreement(home, BAVARIA);
  });
});
