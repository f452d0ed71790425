import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CHAINCODE, PROBE_PATH, startConsortium } from '../testing/consortium.js';
import type { Consortium } from '../testing/consortium.js';
import { failureOf, Probe } from '../testing/contract.js';

const PACKAGE_ID = 'probe:as-a-service';
const SHIM = createRequire(import.meta.url).resolve('fabric-shim/cli.js');

let consortium: Consortium;
let server: ChildProcess;
let address: string;

beforeAll(async () => {
  consortium = await startConsortium();
  address = `127.0.0.1:${await freePort()}`;
  server = startServer();
  consortium.network.useChaincodeService({ packageId: PACKAGE_ID, address });
  await consortium.network.deployChaincode({
    definition: { name: CHAINCODE, version: '1', sequence: 1 },
    packageId: PACKAGE_ID,
    admins: consortium.admins(),
  });
});

afterAll(async () => {
  server.kill();
  await consortium.stop();
});

/** The same package as elsewhere, started as `fabric-chaincode-node server` starts it in production. */
function startServer(): ChildProcess {
  return spawn(
    process.execPath,
    [
      SHIM,
      'server',
      '--chaincode-address',
      address,
      '--chaincode-id',
      PACKAGE_ID,
      '--module-path',
      PROBE_PATH,
    ],
    { env: { ...process.env, CORE_CHAINCODE_LOGGING_LEVEL: 'ERROR' }, stdio: 'ignore' },
  );
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

test('a chaincode server serves every peer, and again after a restart', async () => {
  const probe = new Probe(consortium, 1);
  expect(await probe.submit('increment', 'served')).toBe('1');
  expect(await probe.json('range', 'served', 'served~')).toEqual([{ key: 'served', value: '1' }]);

  const gone = new Promise((resolve) => server.once('exit', resolve));
  // At one peer only: the others would each dial the dead server for ten seconds.
  const endorsingOrganizations = ['Org1MSP'];
  const failure = failureOf(probe.contract.evaluate('crash', { endorsingOrganizations }));
  await gone;
  expect((await failure).details[0]?.message).toMatch(/chaincode stream terminated$/);
  server = startServer();
  await expect
    .poll(() => probe.submit('increment', 'served').catch(() => 'not yet'), { timeout: 15_000 })
    .toBe('2');
});
