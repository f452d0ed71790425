/** Members whose peers use another's chaincode service. */
import { fabricEngine } from 'umlauf-network';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { umlauf } from '../harness/command.js';
import { startConsortium, type TestConsortium } from '../harness/consortium.js';
import { startLoad } from '../harness/load.js';
import { nativeProcesses } from '../harness/processes.js';
import { missingFabric } from './binaries.js';

let consortium: TestConsortium;
beforeAll(async () => {
  if (missingFabric === undefined)
    consortium = await startConsortium({ startEngine: fabricEngine({ chaincodeServices: 1 }) });
});
afterAll(async () => {
  if (missingFabric === undefined) await consortium.stop();
});

const services = () => [...nativeProcesses(consortium)].filter(([name]) => name.includes('.chaincode-'));

describe.skipIf(missingFabric !== undefined)('a chaincode service that all peers use', () => {
  it('is started anew with new certificates, without a failed request of any member', async () => {
    const [before, ...others] = services();
    expect(others).toEqual([]);
    const [host] = consortium.gateways;
    const load = startLoad(() => consortium.gateways);
    const command = umlauf('cert', 'renew', host!.memberId, '--home', consortium.directory);
    expect([await command.exit, command.stderr()]).toEqual([0, '']);
    const { succeeded, failures } = await load.stop();
    expect(failures).toEqual([]);
    expect(succeeded).toBeGreaterThan(10);
    const [after, ...left] = services();
    expect(left).toEqual([]);
    expect(after![0]).toBe(before![0]);
    expect(after![1]).not.toBe(before![1]);
  });
});
