import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Schedule } from './schedule.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const inMs = (ms: number) => Date.now() + ms;

describe('Schedule', () => {
  it('does a job at its time, once', async () => {
    const job = vi.fn(() => Promise.resolve());
    const schedule = new Schedule(vi.fn());
    schedule.at('a', inMs(100), job);
    await vi.advanceTimersByTimeAsync(99);
    expect(job).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(job).toHaveBeenCalledTimes(1);
  });

  it('keeps the earlier of two times for a key, or the last one set', async () => {
    const [first, second, third] = [1, 2, 3].map(() => vi.fn(() => Promise.resolve()));
    const schedule = new Schedule(vi.fn());
    schedule.atEarliest('a', inMs(100), first!);
    schedule.atEarliest('a', inMs(200), second!);
    schedule.at('b', inMs(100), second!);
    schedule.at('b', inMs(200), third!);
    await vi.advanceTimersByTimeAsync(300);
    expect([first, second, third].map((job) => job!.mock.calls.length)).toEqual([1, 0, 1]);
  });

  it('waits for times beyond what a timer can hold', async () => {
    const month = 31 * 24 * 3_600_000;
    const job = vi.fn(() => Promise.resolve());
    new Schedule(vi.fn()).at('a', inMs(month), job);
    await vi.advanceTimersByTimeAsync(month - 1);
    expect(job).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(job).toHaveBeenCalledTimes(1);
  });

  it('tells what a job threw, and goes on', async () => {
    const failed = vi.fn();
    const schedule = new Schedule(failed);
    schedule.at('a', inMs(1), () => Promise.reject(new Error('x')));
    await vi.advanceTimersByTimeAsync(1);
    expect(failed).toHaveBeenCalledWith(expect.objectContaining({ message: 'x' }));
  });

  it('stops: waits for what runs, drops what is set and takes nothing more', async () => {
    let finish: () => void = () => undefined;
    const running = vi.fn(() => new Promise<void>((resolve) => (finish = resolve)));
    const never = vi.fn(() => Promise.resolve());
    const schedule = new Schedule(vi.fn());
    schedule.at('a', inMs(1), running);
    schedule.at('b', inMs(50), never);
    await vi.advanceTimersByTimeAsync(1);
    let stopped = false;
    const stopping = schedule.stop().then(() => (stopped = true));
    schedule.at('c', inMs(1), never);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(stopped).toBe(false);
    finish();
    await stopping;
    expect(never).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });
});
