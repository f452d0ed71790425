import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Changeover } from './changeover.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** One that has started, and looked for the first time. */
async function started(changeOver: () => Promise<void>, isAwaited = () => true) {
  const report = vi.fn();
  const changeover = new Changeover(isAwaited, changeOver, report);
  changeover.start();
  await vi.advanceTimersByTimeAsync(1_000);
  return { changeover, report };
}
const takes = (milliseconds: number) =>
  vi.fn(() => new Promise<void>((resolve) => setTimeout(resolve, milliseconds)));

describe('the changeover', () => {
  it('looks at the start, and some time after a block, once for all that came meanwhile', async () => {
    const changeOver = takes(0);
    const { changeover } = await started(changeOver);
    expect(changeOver).toHaveBeenCalledTimes(1);
    for (let block = 0; block < 10; block += 1) changeover.onBlock();
    expect(changeOver).toHaveBeenCalledTimes(1);
    await vi.runAllTimersAsync();
    expect(changeOver).toHaveBeenCalledTimes(2);
  });

  it('does not look while nothing is awaited, nor before the start', async () => {
    const changeOver = takes(0);
    new Changeover(() => true, changeOver, vi.fn()).onBlock();
    const { changeover } = await started(changeOver, () => false);
    changeover.onBlock();
    await vi.runAllTimersAsync();
    expect(changeOver).not.toHaveBeenCalled();
  });

  it('looks again when a block came while it looked', async () => {
    const changeOver = takes(200);
    const { changeover } = await started(changeOver);
    changeover.onBlock();
    await vi.advanceTimersByTimeAsync(600);
    expect(changeOver).toHaveBeenCalledTimes(2);
    changeover.onBlock();
    await vi.runAllTimersAsync();
    expect(changeOver).toHaveBeenCalledTimes(3);
  });

  it('tries again what failed, be it no longer awaited and no block come, and tells each reason once', async () => {
    let isAway = true;
    let isAwaited = true;
    const changeOver = vi.fn(() => {
      isAwaited = false;
      return isAway ? Promise.reject(new Error('the peer is away')) : Promise.resolve();
    });
    const { changeover, report } = await started(changeOver, () => isAwaited);
    await vi.advanceTimersByTimeAsync(25_000);
    expect(changeOver).toHaveBeenCalledTimes(3);
    expect(report.mock.calls).toEqual([
      ['the chaincode that was approved here to run, if it is in force: the peer is away'],
    ]);
    isAway = false;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(changeOver).toHaveBeenCalledTimes(4);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(changeOver).toHaveBeenCalledTimes(4);
    await changeover.stop();
  });

  it('lets what is under way come to its end before it has stopped, and looks no more', async () => {
    const changeOver = takes(5_000);
    const { changeover } = await started(changeOver);
    changeover.onBlock();
    let isStopped = false;
    void changeover.stop().then(() => (isStopped = true));
    await vi.advanceTimersByTimeAsync(4_000);
    expect(isStopped).toBe(false);
    changeover.onBlock();
    await vi.runAllTimersAsync();
    expect(isStopped).toBe(true);
    expect(changeOver).toHaveBeenCalledTimes(1);
  });
});
