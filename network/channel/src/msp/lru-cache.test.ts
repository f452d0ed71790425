import { describe, expect, it } from 'vitest';
import { LruCache } from './lru-cache.js';

describe('A cache', () => {
  it('forgets what was longest not asked for', () => {
    const cache = new LruCache<string, number>(2);
    cache.set('a', 1);
    cache.set('b', 2);
    expect(cache.get('a')).toBe(1);
    cache.set('c', 3);
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([1, undefined, 3]);
  });

  it('never holds more than its limit', () => {
    const cache = new LruCache<number, number>(10);
    for (let i = 0; i < 100; i++) cache.set(i % 37, i);
    const held = Array.from({ length: 37 }, (_, key) => cache.get(key)).filter(
      (value) => value !== undefined,
    );
    expect(held).toHaveLength(10);
  });
});
