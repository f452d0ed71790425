import { describe, expect, it } from 'vitest';
import { waitForOthers } from './patience.js';

describe('waiting for others', () => {
  it('tells what is missing once, and again when that changes', async () => {
    const missing = ['a', 'a', 'b', undefined];
    const told: string[] = [];
    await waitForOthers(() => Promise.resolve(missing.shift()), {
      waits: (text) => told.push(text),
      lookMs: 1,
    });
    expect(told).toEqual(['a', 'b']);
    expect(missing).toEqual([]);
  });

  it('ends at once when it is called off, also in the middle of a look', async () => {
    const controller = new AbortController();
    const waiting = waitForOthers(() => new Promise(() => undefined), {
      waits: () => undefined,
      signal: controller.signal,
    });
    controller.abort(new Error('interrupted'));
    await expect(waiting).rejects.toThrow('interrupted');
  });

  it('passes on what makes waiting useless', async () => {
    const look = () => Promise.reject(new Error('no peer of our own'));
    await expect(waitForOthers(look, { waits: () => undefined })).rejects.toThrow('no peer of our own');
  });
});
