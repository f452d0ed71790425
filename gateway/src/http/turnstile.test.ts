import { EventEmitter } from 'node:events';
import type { Request, Response } from 'express';
import { describe, expect, it } from 'vitest';
import { Turnstile } from './turnstile.js';

/** A request that notes when it is let in. */
function request(turnstile: Turnstile) {
  const response = Object.assign(new EventEmitter(), { destroyed: false });
  const seen = { inside: false, answer: () => void response.emit('close'), response };
  const passed = turnstile.pass(undefined as unknown as Request, response as unknown as Response, () => {
    seen.inside = true;
  });
  return { seen, passed: Promise.resolve(passed) };
}

describe('A turnstile', () => {
  it('does the work when all that are inside have been answered, and holds the others until it is done', async () => {
    const turnstile = new Turnstile();
    const [first, second] = [request(turnstile), request(turnstile)];
    await Promise.all([first.passed, second.passed]);
    let done: () => void = () => undefined;
    let begun = false;
    const work = turnstile.whileHeld(() => {
      begun = true;
      return new Promise<string>((resolve) => (done = () => resolve('result')));
    });
    const later = request(turnstile);
    first.seen.answer();
    await new Promise(setImmediate);
    expect(begun).toBe(false);
    second.seen.answer();
    await new Promise(setImmediate);
    expect(begun).toBe(true);
    expect(later.seen.inside).toBe(false);
    done();
    expect(await work).toBe('result');
    await later.passed;
    expect(later.seen.inside).toBe(true);
  });

  it('does not wait for those that have left, once only for each', async () => {
    const turnstile = new Turnstile();
    const [stream, other] = [request(turnstile), request(turnstile)];
    await Promise.all([stream.passed, other.passed]);
    turnstile.leave(stream.seen.response as unknown as Response);
    stream.seen.answer();
    let begun = false;
    const work = turnstile.whileHeld(() => {
      begun = true;
      return Promise.resolve();
    });
    await new Promise(setImmediate);
    expect(begun).toBe(false);
    other.seen.answer();
    await work;
    expect(begun).toBe(true);
  });

  it('opens again when the work fails', async () => {
    const turnstile = new Turnstile();
    await expect(turnstile.whileHeld(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    const { seen, passed } = request(turnstile);
    await passed;
    expect(seen.inside).toBe(true);
  });

  it('does one work after the other', async () => {
    const turnstile = new Turnstile();
    const order: string[] = [];
    const work = (name: string) => async () => {
      order.push(`${name} begins`);
      await new Promise(setImmediate);
      order.push(`${name} ends`);
    };
    await Promise.all([turnstile.whileHeld(work('a')), turnstile.whileHeld(work('b'))]);
    expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  it('lets nobody in whose client has gone while it waited', async () => {
    const turnstile = new Turnstile();
    let done: () => void = () => undefined;
    const work = turnstile.whileHeld(() => new Promise<void>((resolve) => (done = resolve)));
    const { seen, passed } = request(turnstile);
    seen.response.destroyed = true;
    await new Promise(setImmediate);
    done();
    await Promise.all([work, passed]);
    expect(seen.inside).toBe(false);
  });
});
