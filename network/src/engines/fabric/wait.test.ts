import { describe, expect, it } from 'vitest';
import { DeadlineError, until } from './wait.js';

describe('waiting', () => {
  it('ends with what is found, however often nothing was', async () => {
    let looks = 0;
    const found = await until(() => Promise.resolve(++looks === 3 ? 'it' : undefined), {
      what: 'it',
      deadlineMs: 5_000,
      everyMs: 1,
    });
    expect([found, looks]).toEqual(['it', 3]);
  });

  it('takes an error for "not yet", and tells the last one at the deadline', async () => {
    const waiting = until(() => Promise.reject(new Error('connection refused')), {
      what: 'the peer',
      deadlineMs: 20,
      everyMs: 1,
    });
    await expect(waiting).rejects.toThrow(DeadlineError);
    await expect(waiting).rejects.toThrow(/the peer .*connection refused/);
  });

  it('is not in vain while there is progress', async () => {
    let steps = 0;
    const found = await until(() => Promise.resolve(steps > 20 ? steps : undefined), {
      what: 'the twentieth step',
      deadlineMs: 50,
      everyMs: 10,
      progress: () => Promise.resolve(++steps),
    });
    expect(found).toBe(21);
  });

  it('gives up at once when told to', async () => {
    const waiting = until(() => Promise.resolve(undefined), {
      what: 'the peer',
      deadlineMs: 60_000,
      giveUp: () => {
        throw new Error('it has ended');
      },
    });
    await expect(waiting).rejects.toThrow('it has ended');
  });

  it('ends in the middle of a look when it is aborted, and looks no more', async () => {
    const controller = new AbortController();
    let looks = 0;
    const waiting = until(
      () => {
        looks += 1;
        controller.abort(new Error('called off'));
        return new Promise<undefined>(() => undefined); // a peer that hangs
      },
      { what: 'the peer', deadlineMs: 60_000, signal: controller.signal },
    );
    await expect(waiting).rejects.toThrow('called off');
    await expect(
      until(() => Promise.resolve((looks += 1)), { what: 'it', deadlineMs: 1, signal: controller.signal }),
    ).rejects.toThrow('called off');
    expect(looks).toBe(1);
  });
});
