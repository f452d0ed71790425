import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHAINCODE, CHANNEL, deployProbe, startConsortium } from './testing/consortium.js';
import type { Consortium } from './testing/consortium.js';

describe('a network of four organizations', () => {
  let consortium: Consortium;

  beforeAll(async () => {
    consortium = await startConsortium();
    await deployProbe(consortium);
  });

  afterAll(async () => {
    await consortium.stop();
  });

  const contract = (index: number) => consortium.client(index).getNetwork(CHANNEL).getContract(CHAINCODE);

  test('a submitted value can be read through every organization', async () => {
    await contract(1).submitTransaction('put', 'greeting', 'hello');
    for (const index of [1, 2, 3, 4]) {
      const value = await contract(index).evaluateTransaction('get', 'greeting');
      expect(Buffer.from(value).toString()).toBe('hello');
    }
  });
});
