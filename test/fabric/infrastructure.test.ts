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

const observer = () => {
  const gateway = home.gateways().find(({ memberId }) => memberId === OBSERVER);
  if (!gateway) throw new Error(`${OBSERVER} has no gateway`);
  return gateway;
};

/** When a member's peer was last seen by the observer, by member. */
async function lastSeen(): Promise<Map<string, number>> {
  const nodes = await all<InfrastructureNode>(observer(), 'auditor', '/infrastructure');
  return new Map(
    nodes.flatMap(({ kind, declared, observed }) =>
      kind === 'peer' && declared && observed?.seen
        ? [[declared.memberId, Date.parse(observed.lastSeen)]]
        : [],
    ),
  );
}

interface Ready {
  readonly missing: readonly string[];
  readonly endorsersAway?: readonly string[];
}

/** Waits until the observer's gateway says of itself what is expected. */
const readiness = (what: string, isAsExpected: (ready: Ready, ok: boolean) => boolean) =>
  until(
    what,
    async () => {
      const answer = await fetch(`${observer().url}/health/ready`);
      const ready = (await answer.json()) as Ready;
      return isAsExpected(ready, answer.ok) ? true : undefined;
    },
    WAIT,
  );

function pidOf(memberId: string): number {
  const pid = nativeProcesses(home).get(`${memberId}.peer`);
  if (pid === undefined) throw new Error('the peer does not run');
  return pid;
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
    const pid = pidOf(SILENT);
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

describe.skipIf(missingFabric !== undefined)('readiness', () => {
  it('names members whose peers are silent, and is lost once too few can endorse', async () => {
    const [first, second] = [SILENT, 'bundesdruckerei'].map((memberId) => ({
      pid: pidOf(memberId),
      mspId: home.gateway(memberId).mspId,
    })) as [{ pid: number; mspId: string }, { pid: number; mspId: string }];
    await readiness('nobody is away', ({ endorsersAway }, ok) => ok && !endorsersAway);
    process.kill(first.pid, 'SIGSTOP');
    try {
      await readiness(
        'one is away, and the others suffice',
        ({ endorsersAway }, ok) => ok && endorsersAway?.join() === first.mspId,
      );
      process.kill(second.pid, 'SIGSTOP');
      try {
        await readiness(
          'two are away, and the others do not suffice',
          ({ missing, endorsersAway }, ok) =>
            !ok &&
            missing.join() === 'endorsers' &&
            [...(endorsersAway ?? [])].sort().join() === [first.mspId, second.mspId].sort().join(),
        );
      } finally {
        process.kill(second.pid, 'SIGCONT');
      }
    } finally {
      process.kill(first.pid, 'SIGCONT');
    }
    await readiness('both are back', ({ endorsersAway }, ok) => ok && !endorsersAway);
  });
});
