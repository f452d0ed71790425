import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Watch, type Watched } from './watch.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A part that ends when told to, and ends again at once for the first `failures` restarts. */
function part(failures = 0) {
  const state = { complete: true, restored: 0 };
  const watched: Watched = {
    name: 'itdz-berlin',
    isComplete: () => state.complete,
    restore: () => {
      state.restored += 1;
      if (state.restored <= failures) return Promise.reject(new Error('port is taken'));
      state.complete = true;
      return Promise.resolve();
    },
  };
  return { state, watched };
}

describe('the watch', () => {
  it('leaves alone what is running', async () => {
    const { state, watched } = part();
    const watch = new Watch(() => [watched], vi.fn());
    await vi.advanceTimersByTimeAsync(60_000);
    await watch.stop();
    expect(state.restored).toBe(0);
  });

  it('has what has ended started again, and tells so', async () => {
    const { state, watched } = part();
    const report = vi.fn();
    const watch = new Watch(() => [watched], report);
    state.complete = false;
    await vi.advanceTimersByTimeAsync(2_000);
    await watch.stop();
    expect(state).toEqual({ complete: true, restored: 1 });
    expect(report.mock.calls).toEqual([['itdz-berlin had ended and was started again']]);
  });

  it('tries ever more seldom what does not start', async () => {
    const { state, watched } = part(Infinity);
    const report = vi.fn();
    const watch = new Watch(() => [watched], report);
    state.complete = false;
    await vi.advanceTimersByTimeAsync(10_000);
    const soon = state.restored;
    await vi.advanceTimersByTimeAsync(590_000);
    await watch.stop();
    expect(soon).toBeGreaterThanOrEqual(3);
    expect(state.restored).toBeGreaterThan(soon + 5);
    expect(state.restored).toBeLessThan(20);
    expect(report).toHaveBeenLastCalledWith('itdz-berlin has ended and does not start again: port is taken');
  });

  it('does not start a part twice at a time', async () => {
    const restore = vi.fn(() => new Promise<void>((resolve) => setTimeout(resolve, 30_000)));
    const watch = new Watch(() => [{ name: 'itdz-berlin', isComplete: () => false, restore }], vi.fn());
    await vi.advanceTimersByTimeAsync(20_000);
    expect(restore).toHaveBeenCalledTimes(1);
    const stopped = watch.stop();
    await vi.advanceTimersByTimeAsync(30_000);
    await stopped;
  });

  it('ends with its end', async () => {
    const { state, watched } = part();
    const watch = new Watch(() => [watched], vi.fn());
    await watch.stop();
    state.complete = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(state.restored).toBe(0);
  });
});
