import { expect, it } from 'vitest';
import type { Engine } from '../engine.js';
import type { LocalOrganization } from '../home/organizations.js';
import type { GatewayAccess } from '../rest.js';
import { Infrastructure } from './infrastructure.js';
import type { ConsortiumDescription } from './load.js';

/** Nobody listens there: it has been stopped. */
const gateway: GatewayAccess = {
  memberId: 'm0',
  mspId: 'M0MSP',
  url: 'http://127.0.0.1:1',
  tokens: { representative: 'r', board: 'b', auditor: 'a' },
};
const organization = { member: { id: 'm0', mspId: 'M0MSP', legalName: 'M0' } } as LocalOrganization;

/** What is told of a member whose gateway does not answer. */
async function alarms(isRunning: boolean): Promise<string[]> {
  const told: string[] = [];
  const infrastructure = new Infrastructure({
    description: {} as ConsortiumDescription,
    engine: {} as Engine,
    isRunning: () => isRunning,
    alarm: (text) => told.push(text),
  });
  expect(await infrastructure.declare(gateway, organization)).toBe(false);
  return told;
}

it('alarms where a site can not be declared', async () => {
  expect(await alarms(true)).toEqual([expect.stringMatching(/^the site of m0 is not declared/)]);
});

it('says nothing of a member whose gateway was stopped meanwhile', async () => {
  expect(await alarms(false)).toEqual([]);
});
