/** All members see the same: register, resolutions, ledger; and the ledger holds without any of them. */
import { join } from 'node:path';
import type { Member, Resolution } from 'umlauf-chaincode/api';
import { all, type GatewayAccess } from 'umlauf-network';
import { expect } from 'vitest';
import { until } from '../harness/until.js';
import { command, type Home } from './home.js';

const RECOVERY_MS = 90_000;

interface Ends {
  readonly genesis: string;
  readonly height: number;
  readonly last: string;
}

/** Waits until every gateway is ready and no member lags behind; then compares what each of them has. */
export async function expectAgreement(home: Home): Promise<void> {
  const { views, ends } = await until(
    'every gateway is ready, at one height that stays',
    async () => {
      const height = await evenHeight(home);
      if (height === undefined) return undefined;
      const views = await Promise.all(home.gateways().map(viewOf));
      const ends: Ends[] = [];
      for (const { memberId } of home.gateways()) ends.push(await exportedAndVerified(home, memberId));
      return (await evenHeight(home)) === height ? { views, ends } : undefined; // a late block: look again
    },
    { timeoutMilliseconds: RECOVERY_MS, pauseMilliseconds: 200 },
  );
  for (const view of views) expect(view).toEqual(views[0]);
  for (const end of ends) expect(end).toEqual(ends[0]);
}

async function viewOf(gateway: GatewayAccess) {
  return {
    members: await all<Member>(gateway, 'auditor', '/members'),
    resolutions: await all<Resolution>(gateway, 'auditor', '/resolutions'),
  };
}

async function evenHeight(home: Home): Promise<number | undefined> {
  const heights = await Promise.all(
    home.gateways().map(async ({ url }) => {
      const answer = await fetch(`${url}/api/v1/health/ready`).catch(() => undefined);
      return answer?.ok ? ((await answer.json()) as { height?: number }).height : undefined;
    }),
  );
  return new Set(heights).size === 1 ? heights[0] : undefined;
}

/**
 * Exports the blocks that a member's peer has, and verifies them offline.
 * @throws Error if they don't hold
 */
async function exportedAndVerified(home: Home, memberId: string): Promise<Ends> {
  const file = join(home.directory, `${memberId}.blocks`);
  const told = await home.run('ledger', 'export', '--member', memberId, '--out', file, '--json');
  const { genesis, height, last } = JSON.parse(told) as Ends;
  await command('verify', file, '--genesis', genesis, '--height', String(height), '--last', last, '--json');
  return { genesis, height, last };
}
