import { expect, it } from 'vitest';
import { failure } from './come-up.js';

it('a failure begins with its cause, and what else was said of it follows', () => {
  const lines = [
    'umlauf: an earlier failure',
    '✓ keys of 6 organizations',
    'umlauf: ProcessEndedError: a.peer is not running; its log a.peer.log ends with',
    'panic: open /data: permission denied',
    'goroutine 1',
  ];
  expect(failure(lines, 'umlauf.log').split('\n')).toEqual([
    'it did not come up: ProcessEndedError: a.peer is not running; its log a.peer.log ends with',
    'panic: open /data: permission denied',
    'goroutine 1',
    '(umlauf.log)',
  ]);
});

it('a process that ends without a word is told too', () => {
  expect(failure([], 'umlauf.log')).toBe(
    'it did not come up, and its process has ended: no word (umlauf.log)',
  );
});
