import type { InfrastructureNode } from 'umlauf-client';
import { all } from 'umlauf-network';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHome, type Home } from '../harness/home.js';
import { nativeProcesses } from '../harness/processes.js';
import { until } from '../harness/until.js';
import { missingFabric } from './binaries.js';

const SILENT = 'municipal-provider-2';
const OBSERVER = 'itdz-berlin';
/** A look at the peer is good for three seconds. */
const WAIT = { timeoutMilliseconds: 60_000, pauseMilliseconds: 500 };

let home: Home;
beforeAll(async () => {
  home = await startHome();
});
afterAll(async () => await home.remove());

/** When a member's peer was last seen by the observer, by member. */
async function lastSeen(): Promise<Map<string, number>> {
  const gateway = home.gateways().find(({ memberId }) => memberId === OBSERVER);
  if (!gateway) throw new Error(`${OBSERVER} has no gateway`);
  const nodes = await all<InfrastructureNode>(gateway, 'auditor', '/infrastructure');
  return new Map(
    nodes.flatMap(({ kind, declared, observed }) =>
      kind === 'peer' && declared && observed?.seen
        ? [[declared.memberId, Date.parse(observed.lastSeen)]]
        : [],
    ),
  );
}

/** Waits until the observer has heard from a member's peer after an instant. */
const heard = (memberId: string, afterMs: number): Promise<Map<string, number>> =>
  until(
    `${memberId} is heard of`,
    async () => {
      const seen = await lastSeen();
      return (seen.get(memberId) ?? 0) > afterMs ? seen : undefined;
    },
    WAIT,
  );

describe.skipIf(missingFabric !== undefined)('a peer that falls silent', () => {
  it('is last seen at its last sign of life, long before the others take it for dead', async () => {
    await heard(SILENT, 0);
    const pid = nativeProcesses(home).get(`${SILENT}.peer`);
    if (pid === undefined) throw new Error('the peer does not run');
    process.kill(pid, 'SIGSTOP');
    try {
      // What it had told before may arrive until then.
      const settled = await heard('bundesdruckerei', Date.now() + 2_000);
      const silentSince = settled.get(SILENT) ?? 0;
      const other = settled.get('bundesdruckerei') ?? 0;
      const later = await heard('bundesdruckerei', other + 3_000);
      expect(later.get(SILENT)).toBe(silentSince);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await heard(SILENT, Date.now());
  });
});
