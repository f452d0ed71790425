/** What a consortium is like while nothing has any effect. */
import type { Member, OpenPoint, Resolution } from 'umlauf-chaincode/api';
import { all } from 'umlauf-network';
import { expect } from 'vitest';
import type { TestConsortium } from './consortium.js';
import { effectiveSince, ledgerHeight } from './ledger.js';
import { until } from './until.js';

const MEMBER = 'bundesdruckerei';

/**
 * Waits until the gateways have nothing left to do by themselves.
 * @returns checks that nothing has had an effect on the ledger since
 */
export async function standStill(consortium: TestConsortium): Promise<() => Promise<void>> {
  const gateway = consortium.gateway(MEMBER);
  const state = async () => ({
    members: await all<Member>(gateway, 'auditor', '/members'),
    resolutions: await all<Resolution>(gateway, 'auditor', '/resolutions'),
  });
  await until('the gateways have nothing left to do', async () => {
    const points = await all<OpenPoint>(gateway, 'auditor', '/open-points');
    return !points.some(({ kind }) => kind === 'receipt-due' || kind === 'resolution-due') || undefined;
  });
  const height = await ledgerHeight(consortium, MEMBER);
  const before = await state();
  return async () => {
    expect(await state()).toEqual(before);
    expect(await effectiveSince(consortium, MEMBER, height)).toBe(0);
  };
}
