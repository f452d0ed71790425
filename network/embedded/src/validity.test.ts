import { StatusCode } from '@hyperledger/fabric-gateway';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { status } from '@grpc/grpc-js';
import { deployProbe, startConsortium } from './testing/consortium.js';
import type { Consortium } from './testing/consortium.js';
import { codeOf, failureOf, Probe } from './testing/contract.js';

let consortium: Consortium;
let probe: Probe;

beforeAll(async () => {
  consortium = await startConsortium();
  await deployProbe(consortium);
  probe = new Probe(consortium, 1);
});

afterAll(async () => {
  await consortium.stop();
});

const ORG = (...numbers: number[]) => numbers.map((number) => `Org${number}MSP`);

describe('a held-back transaction', () => {
  test('is invalid once a key that it read has changed', async () => {
    await probe.submit('increment', 'counter');
    const held = await probe.endorse('increment', ['counter']);
    await probe.submit('increment', 'counter');
    expect(await codeOf(held)).toBe(StatusCode.MVCC_READ_CONFLICT);
    expect(await probe.evaluate('get', 'counter')).toBe('2');
  });

  test('is invalid once a key that it found missing exists', async () => {
    const held = await probe.endorse('increment', ['appearing']);
    await probe.submit('put', 'appearing', '7');
    expect(await codeOf(held)).toBe(StatusCode.MVCC_READ_CONFLICT);
  });

  test('is invalid once a key has come into a range that it read', async () => {
    await probe.submit('put', 'phantom-1', 'x');
    const held = await probe.endorse('count', ['phantom-', 'phantom.', 'phantoms']);
    await probe.submit('put', 'phantom-2', 'x');
    expect(await codeOf(held)).toBe(StatusCode.PHANTOM_READ_CONFLICT);
  });

  test('is invalid once one of very many keys in its range has changed', async () => {
    await probe.submit('putMany', 'merkle-', '180');
    const held = await probe.endorse('count', ['merkle-', 'merkle.', 'merkles']);
    const valid = await probe.endorse('count', ['merkle-', 'merkle.', 'merkles']);
    expect(await codeOf(valid)).toBe(StatusCode.VALID);
    await probe.submit('put', 'merkle-00120', 'changed');
    expect(await codeOf(held)).toBe(StatusCode.PHANTOM_READ_CONFLICT);
  });

  test('stays valid as long as nothing that it read has changed', async () => {
    const held = await probe.endorse('put', ['unread', 'late']);
    await probe.submit('put', 'unread', 'early');
    expect(await codeOf(held)).toBe(StatusCode.VALID);
    expect(await probe.evaluate('get', 'unread')).toBe('late');
  });

  test('of two that read and write one key the first in the block wins', async () => {
    await probe.submit('put', 'raced', '0');
    const pair = await Promise.all([
      probe.endorse('increment', ['raced']),
      probe.endorse('increment', ['raced']),
    ]);
    const submitted = await Promise.all(pair.map((transaction) => transaction.submit()));
    const results = await Promise.all(submitted.map((transaction) => transaction.getStatus()));
    const [first, second] = results;
    expect(first?.blockNumber).toBe(second?.blockNumber);
    expect(results.map(({ code }) => code)).toEqual([StatusCode.VALID, StatusCode.MVCC_READ_CONFLICT]);
    expect(await probe.evaluate('get', 'raced')).toBe('1');
  });
});

describe("the chaincode's policy", () => {
  test('asks for a majority, which the gateway finds by itself', async () => {
    const transaction = await probe.endorse('put', ['majority', 'x']);
    expect(await codeOf(transaction)).toBe(StatusCode.VALID);
  });

  test('makes a transaction with too few endorsers invalid', async () => {
    expect(await codeOf(await probe.endorse('put', ['few', 'x'], ORG(1, 2)))).toBe(
      StatusCode.ENDORSEMENT_POLICY_FAILURE,
    );
    expect(await probe.evaluate('get', 'few')).toBe('');
  });

  test('also holds for a transaction that writes nothing', async () => {
    expect(await codeOf(await probe.endorse('get', ['few'], ORG(1)))).toBe(
      StatusCode.ENDORSEMENT_POLICY_FAILURE,
    );
    expect(await codeOf(await probe.endorse('get', ['few'], ORG(1, 2, 3)))).toBe(StatusCode.VALID);
  });

  test('is satisfied through any organization, also while another is down', async () => {
    consortium.peer(4).stop();
    try {
      for (const index of [1, 2, 3]) {
        const transaction = await new Probe(consortium, index).endorse('put', ['down', String(index)]);
        expect(await codeOf(transaction)).toBe(StatusCode.VALID);
      }
      expect(await failureOf(probe.endorse('put', ['down', 'x'], ORG(1, 2, 4)))).toMatchObject({
        code: status.UNAVAILABLE,
        message: 'failed to find any endorsing peers for org(s): Org4MSP',
      });
    } finally {
      await consortium.peer(4).start();
    }
    expect(await codeOf(await new Probe(consortium, 4).endorse('put', ['down', '4']))).toBe(StatusCode.VALID);
  });

  test('cannot be satisfied with too few peers alive', async () => {
    consortium.peer(3).stop();
    consortium.peer(4).stop();
    try {
      expect(await failureOf(probe.endorse('put', ['down', 'x']))).toMatchObject({
        code: status.FAILED_PRECONDITION,
        message:
          'no combination of peers can be derived which satisfy the endorsement policy: no peer combination can satisfy the endorsement policy',
      });
    } finally {
      await consortium.peer(3).start();
      await consortium.peer(4).start();
    }
  });
});

describe("a key's own policy", () => {
  test("takes the place of the chaincode's", async () => {
    await probe.submit('putOwned', 'owned', 'mine', ORG(1, 2).join());
    expect(await probe.evaluate('owners', 'owned')).toBe(ORG(1, 2).join());
    // A majority without the owners is not enough, the two owners are.
    expect(await codeOf(await probe.endorse('put', ['owned', 'theirs'], ORG(2, 3, 4)))).toBe(
      StatusCode.ENDORSEMENT_POLICY_FAILURE,
    );
    expect(await codeOf(await probe.endorse('put', ['owned', 'ours'], ORG(1, 2)))).toBe(StatusCode.VALID);
    expect(await probe.evaluate('get', 'owned')).toBe('ours');
  });

  test('is found by the gateway of every organization', async () => {
    await probe.submit('putOwned', 'found', 'x', ORG(2, 3).join());
    for (const index of [1, 2, 3, 4]) {
      const transaction = await new Probe(consortium, index).endorse('put', ['found', String(index)]);
      expect(await codeOf(transaction)).toBe(StatusCode.VALID);
    }
  });

  test('can be changed only by the owners', async () => {
    await probe.submit('putOwned', 'passed-on', 'x', ORG(1).join());
    expect(await codeOf(await probe.endorse('own', ['passed-on', ORG(2).join()], ORG(2, 3, 4)))).toBe(
      StatusCode.ENDORSEMENT_POLICY_FAILURE,
    );
    expect(await codeOf(await probe.endorse('own', ['passed-on', ORG(2).join()], ORG(1)))).toBe(
      StatusCode.VALID,
    );
    expect(await codeOf(await probe.endorse('put', ['passed-on', 'y'], ORG(1)))).toBe(
      StatusCode.ENDORSEMENT_POLICY_FAILURE,
    );
    expect(await codeOf(await probe.endorse('put', ['passed-on', 'y'], ORG(2)))).toBe(StatusCode.VALID);
  });

  test('bars a write in the block in which it has changed', async () => {
    await probe.submit('put', 'changing', 'x');
    const change = await probe.endorse('own', ['changing', ORG(1).join()], ORG(1, 2, 3));
    const write = await probe.endorse('put', ['changing', 'y'], ORG(1, 2, 3, 4));
    const submitted = await Promise.all([change, write].map((transaction) => transaction.submit()));
    const results = await Promise.all(submitted.map((transaction) => transaction.getStatus()));
    expect(results[0]?.blockNumber).toBe(results[1]?.blockNumber);
    expect(results.map(({ code }) => code)).toEqual([
      StatusCode.VALID,
      StatusCode.ENDORSEMENT_POLICY_FAILURE,
    ]);
  });

  test('goes with the key when it is deleted', async () => {
    await probe.submit('putOwned', 'deleted', 'x', ORG(1).join());
    expect(await codeOf(await probe.endorse('remove', ['deleted'], ORG(1)))).toBe(StatusCode.VALID);
    expect(await codeOf(await probe.endorse('put', ['deleted', 'y'], ORG(2, 3, 4)))).toBe(StatusCode.VALID);
  });
});

test('the same transaction sent twice is taken once', async () => {
  const transaction = await probe.endorse('increment', ['twice']);
  const [first] = await Promise.all([transaction.submit(), transaction.submit()]);
  expect((await first.getStatus()).code).toBe(StatusCode.VALID);
  const failure = await failureOf(transaction.submit());
  expect(failure).toMatchObject({ code: status.UNAVAILABLE });
  expect(failure.details[0]?.message).toBe(
    'received unsuccessful response from orderer: status=SERVICE_UNAVAILABLE, info=failed to submit request: request already processed',
  );
  expect(await probe.evaluate('get', 'twice')).toBe('1');
});
