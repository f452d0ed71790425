import { describe, expect, test } from 'vitest';
import { RequestPool } from './request-pool.js';
import type { Request } from './request-pool.js';

const request = (id: string, isConfig = false, size = 10): Request => ({
  id,
  isConfig,
  bytes: new Uint8Array(size),
});

const ids = (requests: readonly Request[]): string[] => requests.map(({ id }) => id);

function poolOf(...requests: Request[]): RequestPool {
  const pool = new RequestPool();
  for (const entry of requests) pool.add(entry);
  return pool;
}

describe('a batch', () => {
  test('keeps the order of arrival and ends with the count', () => {
    const pool = poolOf(request('a'), request('b'), request('c'));
    expect(ids(pool.next(2, 1000))).toEqual(['a', 'b']);
  });

  test('ends before a message that would make it too large', () => {
    const pool = poolOf(request('a', false, 60), request('b', false, 60), request('c', false, 1));
    expect(ids(pool.next(10, 100))).toEqual(['a']);
  });

  test('may be one message that is larger than the preferred size', () => {
    expect(ids(poolOf(request('a', false, 500), request('b')).next(10, 100))).toEqual(['a']);
  });

  test('is a configuration alone', () => {
    const pool = poolOf(request('a'), request('config', true), request('b'));
    const first = pool.next(10, 1000);
    expect(ids(first)).toEqual(['a']);
    pool.remove(first);
    expect(ids(pool.next(10, 1000))).toEqual(['config']);
  });
});

describe('a message', () => {
  test('that is waiting is refused', () => {
    const pool = poolOf(request('a'));
    expect(() => pool.add(request('a'))).toThrow('failed to submit request: request already exists');
  });

  test('that has been in a block lately is refused, one long ago is not', () => {
    const pool = new RequestPool();
    const run = (id: string): void => {
      pool.add(request(id));
      pool.remove(pool.next(1, 1000));
    };
    run('old');
    expect(() => pool.add(request('old'))).toThrow('failed to submit request: request already processed');
    for (let index = 0; index < 1000; index += 1) run(String(index));
    expect(() => pool.add(request('old'))).not.toThrow();
  });

  test('that a new configuration forbids is dropped and may come again', () => {
    const pool = poolOf(request('a'), request('b'));
    pool.prune(({ id }) => id === 'b');
    expect(ids(pool.next(10, 1000))).toEqual(['b']);
    expect(() => pool.add(request('a'))).not.toThrow();
  });
});
