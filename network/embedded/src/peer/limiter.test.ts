import { expect, test } from 'vitest';
import { Limiter } from './limiter.js';

test('calls beyond the limit are refused until others have ended', async () => {
  const limiter = new Limiter('/gateway.Gateway', 2);
  const ends: (() => void)[] = [];
  const call = () => limiter.run(() => new Promise<void>((resolve) => ends.push(resolve)));
  const [first, second] = [call(), call()];
  await expect(call()).rejects.toThrow(
    'too many requests for /gateway.Gateway, exceeding concurrency limit (2)',
  );
  ends.shift()?.();
  await first;
  const third = call();
  for (const end of ends) end();
  await Promise.all([second, third]);
});

test('a call that fails counts no longer', async () => {
  const limiter = new Limiter('/gateway.Gateway', 1);
  const failing = limiter.run(() => Promise.reject(new Error('failed')));
  await expect(failing).rejects.toThrow('failed');
  await expect(limiter.run(() => Promise.resolve('done'))).resolves.toBe('done');
});
