import { describe, expect, it } from 'vitest';
import type { HomeFacts, MachineFacts, NetworkFacts } from '../facts.js';
import type { Finding } from '../finding.js';
import { checkHome } from './home.js';
import { checkMachine } from './machine.js';
import { checkNetwork } from './network.js';

const NOW = new Date('2026-06-01T12:00:00Z');
const SKEW_MS = 30_000;

const MACHINE: MachineFacts = {
  nodeVersion: '20.19.0',
  engine: 'fabric',
  fabric: { version: 'v3.1.5' },
  freeBytes: 50e9,
};
const HOME: HomeFacts = {
  lock: { pid: 7, alive: true },
  processes: [{ name: 'a.peer', pid: 8, running: true }],
  takenPorts: [],
  certificates: [{ memberId: 'a', name: 'peer', expires: new Date('2027-06-01') }],
  unfinishedRenewals: [],
};
const NETWORK: NetworkFacts = {
  gateways: [{ memberId: 'a', ready: true, missing: [] }],
  peers: [
    { memberId: 'a', mspId: 'AMSP', height: 100, knows: ['AMSP', 'BMSP'], packageId: 'umlauf_1_ab:cd' },
    { memberId: 'b', mspId: 'BMSP', height: 98, knows: ['AMSP'], packageId: 'umlauf_1_ab:cd' },
  ],
  orderers: [{ memberId: 'a', height: 100 }],
  members: ['AMSP', 'BMSP'],
  clocks: [{ name: 'https://b.example', aheadMs: -2_000 }],
  newestBlockAheadMs: -60_000,
  chaincode: { packageId: 'umlauf_1_ab:cd', unapproved: [] },
  ownLabel: 'umlauf_1_ab',
  openPoints: [],
};

const wrongs = (findings: readonly Finding[]) => findings.filter(({ state }) => state === 'wrong');

describe('A sound machine, home and network', () => {
  it('have nothing wrong, and each thing that was looked at is told', () => {
    const findings = [...checkMachine(MACHINE), ...checkHome(HOME, NOW), ...checkNetwork(NETWORK, SKEW_MS)];
    expect(findings.filter(({ state }) => state !== 'ok')).toEqual([]);
    expect(findings.map(({ check }) => check)).toEqual([
      'Node',
      'Fabric',
      'disk',
      'lock',
      'processes',
      'ports',
      'certificates',
      'clocks',
      'nodes',
      'connections',
      'gateways',
      'chaincode',
      'register',
    ]);
  });

  it('need no Fabric for the embedded network', () => {
    const facts: MachineFacts = { ...MACHINE, engine: 'embedded', fabric: { missing: 'not here' } };
    expect(wrongs(checkMachine(facts))).toEqual([]);
  });
});

describe('The doctor finds on a machine', () => {
  it.each<[string, Partial<MachineFacts>, RegExp, RegExp]>([
    ['a Node that is too old', { nodeVersion: '20.18.3' }, /20\.18\.3 is too old/, /install Node 20\.19/],
    ['Fabric missing', { fabric: { missing: 'looked at\n  PATH' } }, /PATH/, /umlauf fabric install/],
    ['no room', { freeBytes: 100_000_000 }, /only 95 MB free/, /make room/],
  ])('%s', (_, change, text, remedy) => {
    const [found, ...others] = wrongs(checkMachine({ ...MACHINE, ...change }));
    expect(others).toEqual([]);
    expect(found!.text).toMatch(text);
    expect(found!.remedy).toMatch(remedy);
  });
});

describe('The doctor finds in a home', () => {
  const stopped = { lock: undefined, processes: [] };
  it.each<[string, Partial<HomeFacts>, RegExp, RegExp]>([
    ['a stale lock', { lock: { pid: 7, alive: false }, processes: [] }, /left by process 7/, /umlauf up/],
    [
      'a process that has ended',
      { processes: [{ name: 'a.peer', pid: 8, running: false }] },
      /a\.peer has ended/,
      /umlauf logs a\.peer/,
    ],
    [
      'processes left behind',
      { lock: undefined },
      /left running .*: a\.peer \(8\)/,
      /umlauf down stops them/,
    ],
    [
      'a port that is taken',
      { ...stopped, takenPorts: [{ memberId: 'a', kind: 'peer', port: 20_001 }] },
      /20001, which the peer of a keeps, is taken/,
      /lsof -i :20001/,
    ],
    [
      'a certificate that expires soon',
      { certificates: [{ memberId: 'a', name: 'peer-tls', expires: new Date('2026-06-30') }] },
      /peer-tls of a expires on 2026-06-30/,
      /umlauf cert renew a/,
    ],
    [
      'one that has expired',
      { certificates: [{ memberId: 'a', name: 'board', expires: new Date('2026-05-30') }] },
      /board of a expired on 2026-05-30/,
      /umlauf cert renew a/,
    ],
    ['a renewal that was interrupted', { unfinishedRenewals: ['a'] }, /was interrupted/, /cert renew a/],
  ])('%s', (_, change, text, remedy) => {
    const [found, ...others] = wrongs(checkHome({ ...HOME, ...change }, NOW));
    expect(others).toEqual([]);
    expect(found!.text).toMatch(text);
    expect(found!.remedy).toMatch(remedy);
  });

  it('nothing wrong in a certificate that lasts more than a month', () => {
    const expires = new Date('2026-07-02');
    const facts = { ...HOME, certificates: [{ memberId: 'a', name: 'peer', expires }] };
    expect(wrongs(checkHome(facts, NOW))).toEqual([]);
  });
});

describe('The doctor finds in a network', () => {
  const [first, second] = NETWORK.peers;
  it.each<[string, Partial<NetworkFacts>, RegExp, RegExp]>([
    [
      'a clock that is off',
      { clocks: [{ name: 'https://b.example', aheadMs: 31_000 }] },
      /b\.example is 31 s ahead of this machine/,
      /NTP/,
    ],
    [
      'one that is behind',
      { clocks: [{ name: 'https://b.example', aheadMs: -45_000 }] },
      /45 s behind this machine/,
      /NTP/,
    ],
    [
      'a clock that does not answer',
      { clocks: [{ name: 'x', aheadMs: undefined }] },
      /x does not/,
      /address/,
    ],
    ['a block from the future', { newestBlockAheadMs: 40_000 }, /40 s in this machine's future/, /NTP/],
    [
      'a peer that does not answer',
      { peers: [first!, { memberId: 'b', mspId: 'BMSP', height: undefined }] },
      /the peer of b does not answer/,
      /umlauf logs/,
    ],
    [
      'a peer that receives no blocks',
      { peers: [first!, { ...second!, height: 80 }] },
      /the peer of b has 80 blocks, others 100/,
      /umlauf restart/,
    ],
    [
      'an orderer that lags behind',
      { orderers: [{ memberId: 'a', height: 3 }] },
      /the orderer of a has 3 blocks/,
      /umlauf restart/,
    ],
    [
      'peers that do not reach each other',
      { peers: [{ ...first!, knows: ['AMSP'] }, second!] },
      /the peer of a reaches no peer of BMSP/,
      /both ways/,
    ],
    [
      'a gateway that is not ready',
      { gateways: [{ memberId: 'a', ready: false, missing: ['membership'] }] },
      /that of a is not ready; missing: membership/,
      /umlauf org add/,
    ],
    [
      'an organization that has not approved',
      { chaincode: { packageId: 'umlauf_1_ab:cd', unapproved: ['BMSP'] } },
      /BMSP has not approved/,
      /chaincode deploy/,
    ],
    [
      'a member with another package',
      { peers: [first!, { ...second!, packageId: 'umlauf_1_ff:00' }] },
      /b approved umlauf_1_ff:00, others umlauf_1_ab:cd/,
      /chaincode deploy/,
    ],
    ['other code here', { ownLabel: 'umlauf_2_ee' }, /umlauf_2_ee is the code here/, /chaincode upgrade/],
    [
      'an admitted member without organization',
      {
        openPoints: [
          { kind: 'member-not-on-network', memberId: 'c', detail: 'c is admitted, but not on the network' },
        ],
      },
      /c is admitted/,
      /umlauf org add c/,
    ],
    [
      'an organization that nothing covers',
      { openPoints: [{ kind: 'organization-not-covered', detail: 'EvilMSP is not covered' }] },
      /EvilMSP/,
      /umlauf org remove/,
    ],
    [
      'a former member whose organization is still there',
      { openPoints: [{ kind: 'organization-not-covered', memberId: 'c', detail: 'c has left' }] },
      /c has left/,
      /umlauf org remove c/,
    ],
  ])('%s', (_, change, text, remedy) => {
    const [found, ...others] = wrongs(checkNetwork({ ...NETWORK, ...change }, SKEW_MS));
    expect(others).toEqual([]);
    expect(found!.text).toMatch(text);
    expect(found!.remedy).toMatch(remedy);
  });

  it('what it could not look at, without calling it wrong', () => {
    const findings = checkNetwork(
      { ...NETWORK, chaincode: undefined, openPoints: undefined, members: undefined },
      SKEW_MS,
    );
    expect(wrongs(findings)).toEqual([]);
    expect(findings.filter(({ state }) => state === 'unknown').map(({ check }) => check)).toEqual([
      'connections',
      'chaincode',
      'register',
    ]);
  });
});
