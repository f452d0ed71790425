import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deployProbe, startConsortium } from './testing/consortium.js';
import type { Consortium } from './testing/consortium.js';
import { Probe } from './testing/contract.js';

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

describe('state', () => {
  test('a submitted value can be read through every organization', async () => {
    await probe.submit('put', 'greeting', 'hello');
    for (const index of [1, 2, 3, 4]) {
      expect(await new Probe(consortium, index).evaluate('get', 'greeting')).toBe('hello');
    }
  });

  test('a transaction does not see its own write', async () => {
    await probe.submit('put', 'own', 'before');
    expect(await probe.submit('putAndGet', 'own', 'after')).toBe('before');
    expect(await probe.evaluate('get', 'own')).toBe('after');
  });

  test('evaluating changes nothing', async () => {
    const height = consortium.network.height();
    expect(await probe.evaluate('increment', 'evaluated')).toBe('1');
    expect(await probe.evaluate('get', 'evaluated')).toBe('');
    expect(consortium.network.height()).toBe(height);
  });

  test('an empty value deletes the key', async () => {
    await probe.submit('put', 'emptied', 'x');
    await probe.submit('put', 'emptied', '');
    expect(await probe.json('range', 'emptied', 'emptied~')).toEqual([]);
  });

  test('a deleted key reads as empty', async () => {
    await probe.submit('put', 'deleted', 'x');
    await probe.submit('remove', 'deleted');
    expect(await probe.evaluate('get', 'deleted')).toBe('');
  });

  test('the chaincode sees caller and transaction time', async () => {
    expect(await new Probe(consortium, 3).evaluate('caller')).toBe('Org3MSP board');
    const time = Date.parse(await probe.evaluate('time'));
    expect(Math.abs(Date.now() - time)).toBeLessThan(10_000);
  });
});

describe('ranges', () => {
  test('keys come in the order of their UTF-8 bytes', async () => {
    // In UTF-16, which JavaScript compares, the emoji's surrogates sort before the private-use character.
    const keys = ['order-a', 'order-z', 'order-é', 'order-\ue000', 'order-😀'];
    for (const key of [...keys].reverse()) await probe.submit('put', key, 'x');
    const found = (await probe.json('range', 'order-', 'order.')) as { key: string }[];
    expect(found.map(({ key }) => key)).toEqual(keys);
  });

  test('the start is included and the end is not', async () => {
    for (const key of ['bound-1', 'bound-2', 'bound-3']) await probe.submit('put', key, key);
    expect(await probe.json('range', 'bound-1', 'bound-3')).toEqual([
      { key: 'bound-1', value: 'bound-1' },
      { key: 'bound-2', value: 'bound-2' },
    ]);
  });

  test('an end before the start gives nothing', async () => {
    expect(await probe.json('range', 'z', 'a')).toEqual([]);
  });

  test('a long result arrives whole, in batches', async () => {
    await probe.submit('putMany', 'long-', '250');
    const found = (await probe.json('range', 'long-', 'long.')) as { key: string }[];
    expect(found).toHaveLength(250);
    expect(found.at(-1)?.key).toBe('long-00249');
  });

  test('pages follow each other by their bookmarks', async () => {
    await probe.submit('putMany', 'page-', '5');
    const first = await probe.json('page', 'page-', 'page.', '2', '');
    expect(first).toEqual({
      keys: ['page-00000', 'page-00001'],
      fetchedRecordsCount: 2,
      bookmark: 'page-00002',
    });
    const last = await probe.json('page', 'page-', 'page.', '10', 'page-00002');
    expect(last).toEqual({
      keys: ['page-00002', 'page-00003', 'page-00004'],
      fetchedRecordsCount: 3,
      bookmark: '',
    });
  });

  test('a transaction that has read a page must not write', async () => {
    await expect(probe.evaluate('pageAndPut', 'page-', 'page.', 'target')).rejects.toThrow(
      /PUT_STATE failed: transaction ID: [0-9a-f]{64}: txid \[[0-9a-f]{64}\]: unsuppored transaction\. Transaction has already performed a paginated query\. Writes are not allowed/,
    );
  });

  test('composite keys are found by their first parts and by no plain range', async () => {
    await probe.submit('composite', 'vote', 'res-1,org1');
    await probe.submit('composite', 'vote', 'res-1,org2');
    await probe.submit('composite', 'vote', 'res-2,org1');
    expect(await probe.json('compositeRange', 'vote', 'res-1')).toEqual(['res-1/org1', 'res-1/org2']);
    const plain = (await probe.json('range', '', '')) as { value: string }[];
    expect(plain.filter(({ value }) => value.startsWith('res-'))).toEqual([]);
  });
});

test('history lists the writes to a key, newest first', async () => {
  await probe.submit('put', 'told', 'one');
  await probe.submit('put', 'told', 'two');
  await probe.submit('remove', 'told');
  await probe.submit('put', 'told-longer', 'another key');
  expect(await probe.json('history', 'told')).toEqual([
    { txId: expect.stringMatching(/^[0-9a-f]{64}$/) as string, value: '', isDelete: true },
    { txId: expect.stringMatching(/^[0-9a-f]{64}$/) as string, value: 'two', isDelete: false },
    { txId: expect.stringMatching(/^[0-9a-f]{64}$/) as string, value: 'one', isDelete: false },
  ]);
});

test('sixty-four transactions at a time all commit', async () => {
  const keys = Array.from({ length: 256 }, (_, index) => `load-${index}`);
  const endorsingOrganizations = ['Org1MSP', 'Org2MSP', 'Org3MSP'];
  const worker = async (): Promise<void> => {
    for (let key = keys.pop(); key !== undefined; key = keys.pop()) {
      await probe.contract.submit('put', { arguments: [key, 'x'], endorsingOrganizations });
    }
  };
  await Promise.all(Array.from({ length: 64 }, worker));
  expect(await probe.json('range', 'load-', 'load.')).toHaveLength(256);
});
