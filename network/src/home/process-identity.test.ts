import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { identify, isAlive } from './process-identity.js';

describe('a process', () => {
  it('is recognised while it is running', () => {
    expect(isAlive(identify(process.pid))).toBe(true);
  });

  it('is not another that got its number', () => {
    expect(isAlive({ ...identify(process.pid), started: 'at another time' })).toBe(false);
  });

  it('is taken for itself where its start is not known', () => {
    expect(isAlive({ pid: process.pid, started: '' })).toBe(true);
  });

  it('is gone after it has ended', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    const identity = identify(child.pid!);
    await once(child, 'exit');
    expect(isAlive(identity)).toBe(false);
  });
});
