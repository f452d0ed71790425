import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Changeover } from './changeover.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the changeover', () => {
  it('looks some time after a block, once for all that came meanwhile, and only while something is awaited', async () => {
    let awaited = false;
    const changeOver = vi.fn(() => Promise.resolve());
    const changeover = new Changeover(() => awaited, changeOver, vi.fn());
    changeover.onBlock();
    await vi.runAllTimersAsync();
    expect(changeOver).not.toHaveBeenCalled();
    awaited = true;
    for (let block = 0; block < 10; block += 1) changeover.onBlock();
    expect(changeOver).not.toHaveBeenCalled();
    await vi.runAllTimersAsync();
    expect(changeOver).toHaveBeenCalledTimes(1);
    changeover.onBlock();
    await vi.runAllTimersAsync();
    expect(changeOver).toHaveBeenCalledTimes(2);
  });

  it('tries again at the next block, and tells each reason once', async () => {
    const changeOver = vi.fn(() => Promise.reject(new Error('the peer is away')));
    const report = vi.fn();
    const changeover = new Changeover(() => true, changeOver, report);
    for (let block = 0; block < 3; block += 1) {
      changeover.onBlock();
      await vi.runAllTimersAsync();
    }
    expect(changeOver).toHaveBeenCalledTimes(3);
    expect(report.mock.calls).toEqual([
      ['what was approved here may be in force, but is not run yet: the peer is away'],
    ]);
  });

  it('lets what is under way come to its end before it has stopped, and looks no more', async () => {
    let ended = false;
    const changeOver = vi.fn(async () => {
      await new Promise((resolve) => setTimeout(resolve, 5_000));
      ended = true;
    });
    const changeover = new Changeover(() => true, changeOver, vi.fn());
    changeover.onBlock();
    await vi.advanceTimersByTimeAsync(1_000);
    const stopped = changeover.stop().then(() => ended);
    changeover.onBlock();
    await vi.runAllTimersAsync();
    expect(await stopped).toBe(true);
    expect(changeOver).toHaveBeenCalledTimes(1);
  });
});
