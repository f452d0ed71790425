import { describe, expect, it } from 'vitest';
import { FakeTime } from '../testing/fake-fabric.js';
import { Budget } from './budget.js';

const limits = { milliseconds: 1_000, firstPauseMs: 100, longestPauseMs: 300 };

async function drain(budget: Budget, time: FakeTime): Promise<number[]> {
  const pauses: number[] = [];
  for (;;) {
    const before = time.now();
    if (!(await budget.next())) return pauses;
    pauses.push(time.now() - before);
  }
}

describe('Budget', () => {
  it('doubles its pauses up to the longest, within its time', async () => {
    const time = new FakeTime();
    expect(await drain(new Budget(limits, time), time)).toEqual([100, 200, 300, 300]);
  });

  it('ends with its tries', async () => {
    const time = new FakeTime();
    expect(await drain(new Budget({ ...limits, tries: 2 }, time), time)).toEqual([100, 200]);
  });

  it('counts its time from the first trouble, not from when it was made', async () => {
    const time = new FakeTime();
    const budget = new Budget(limits, time);
    time.advance(60_000);
    expect(await budget.next()).toBe(true);
  });

  it('gives nothing when it has no time', async () => {
    expect(await new Budget({ ...limits, milliseconds: 0 }, new FakeTime()).next()).toBe(false);
  });

  it('pauses half of the pause at least', async () => {
    const time = new FakeTime();
    time.random = () => 0;
    expect((await drain(new Budget({ ...limits, tries: 1 }, time), time))[0]).toBe(50);
  });
});
