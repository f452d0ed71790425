/** Thousands of requests, allowed and not, made from the gateway's own description. */
import { call, type GatewayAccess } from 'umlauf-network';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordOnly, startConsortium, type TestConsortium } from '../harness/consortium.js';
import { expectConformity } from '../harness/made-requests.js';
import { standStill } from '../harness/still.js';

const PATIENCE_MS = 300_000;

let consortium: TestConsortium;
let gateway: GatewayAccess;
beforeAll(async () => {
  consortium = await startConsortium();
  gateway = consortium.gateway('bundesdruckerei');
  await call(gateway, 'board', 'POST', '/members', { body: consortium.application('bavaria') });
  for (const id of ['proposed', 'open'])
    await call(gateway, 'board', 'POST', '/resolutions', { body: recordOnly(id) });
  await call(gateway, 'board', 'POST', '/resolutions/open/open');
});
afterAll(() => consortium.stop());

describe('a gateway answers as its description says', () => {
  it(
    'to 1,600 requests that it does not allow, none of which has an effect',
    async () => {
      const unchanged = await standStill(consortium);
      await expectConformity(gateway, 'broken', 1_600);
      await unchanged();
    },
    PATIENCE_MS,
  );

  it(
    'to 600 that it allows',
    async () => {
      const tally = await expectConformity(gateway, 'sound', 600);
      expect(tally.get(200)).toBeGreaterThan(100);
      expect(tally.get(201)).toBeGreaterThan(0);
      expect(tally.get(202)).toBeGreaterThan(0);
    },
    PATIENCE_MS,
  );
});
