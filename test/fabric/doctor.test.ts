/** What `umlauf doctor` says of a network on real Fabric with faults in it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { umlauf } from '../harness/command.js';
import { missingFabric } from './binaries.js';
import { startHome, type Home } from '../harness/home.js';
import { killHolder, nativeProcesses } from '../harness/processes.js';

interface Finding {
  readonly check: string;
  readonly state: string;
  readonly text: string;
  readonly remedy?: string;
}

async function doctor(home: Home): Promise<readonly Finding[]> {
  const command = umlauf('doctor', '--home', home.directory, '--json');
  const code = await command.exit;
  const { findings } = JSON.parse(command.stdout()) as { findings: Finding[] };
  const unsound = findings.filter(({ state }) => state !== 'ok');
  expect(code).toBe(unsound.some(({ state }) => state === 'wrong') ? 1 : 0);
  return unsound;
}

describe.skipIf(missingFabric !== undefined)('the doctor', () => {
  let home: Home;
  beforeAll(async () => {
    home = await startHome();
  });
  afterAll(async () => await home.remove());

  it('finds nothing wrong where all is well', async () => {
    expect(await doctor(home)).toEqual([]);
  });

  it.each(['peer', 'orderer'])('finds a %s that hangs', async (kind) => {
    const pid = nativeProcesses(home).get(`municipal-provider-1.${kind}`)!;
    process.kill(pid, 'SIGSTOP');
    try {
      const found = await doctor(home);
      expect(found.map(({ text }) => text)).toContain(`the ${kind} of municipal-provider-1 does not answer`);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
  });

  it('status raises an alarm while too few orderers answer to write anything', async () => {
    const processes = nativeProcesses(home);
    const pids = [1, 2].map((number) => processes.get(`municipal-provider-${number}.orderer`)!);
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    try {
      const command = umlauf('status', '--home', home.directory, '--json');
      expect(await command.exit).toBe(1);
      const { alarms, orderers } = JSON.parse(command.stdout()) as {
        alarms: { kind: string; detail: string }[];
        orderers: { memberId: string; height?: number }[];
      };
      expect(orderers.map(({ height }) => height === undefined)).toEqual([false, false, true, true]);
      expect(alarms).toMatchObject([
        {
          kind: 'orderers-too-few',
          detail: expect.stringMatching(/2 of 4 orderers answer, 3 are needed/) as string,
        },
      ]);
    } finally {
      for (const pid of pids) process.kill(pid, 'SIGCONT');
    }
  });

  it('finds what a killed process left, and nothing any more once it is up again', async () => {
    await killHolder(home);
    const found = await doctor(home);
    expect(found.map(({ check }) => check)).toEqual(['lock', 'processes']);
    expect(found[1]!.text).toMatch(/left running .*bundesdruckerei\.orderer \(\d+\)/);
    await home.up();
    expect(await doctor(home)).toEqual([]);
  });
});
