import { describe, expect, it } from 'vitest';
import { whileAllHeld } from './hold.js';

const told: string[] = [];

function gateway(name: string, empty: Promise<void> = Promise.resolve()) {
  return {
    whileHeld: async (work: () => Promise<void>) => {
      await empty;
      told.push(`${name} holds`);
      try {
        await work();
      } finally {
        told.push(`${name} lets go`);
      }
    },
  };
}

describe('gateways that are held together', () => {
  it('all hold before the work begins, and let go after it', async () => {
    told.length = 0;
    let answered: () => void = () => undefined;
    const busy = gateway('busy', new Promise((resolve) => (answered = resolve)));
    const work = whileAllHeld([gateway('idle'), busy], async () => {
      await Promise.resolve();
      told.push('work');
    });
    await Promise.resolve();
    answered();
    await work;
    expect(told).toEqual(['idle holds', 'busy holds', 'work', 'idle lets go', 'busy lets go']);
  });

  it('let go where the work fails', async () => {
    told.length = 0;
    const failing = () => Promise.reject(new Error('no service'));
    await expect(whileAllHeld([gateway('one'), gateway('other')], failing)).rejects.toThrow('no service');
    expect(told.filter((each) => each.endsWith('lets go'))).toHaveLength(2);
  });

  it('let go where one of them does not hold', async () => {
    told.length = 0;
    const gone = { whileHeld: () => Promise.reject(new Error('stopped')) };
    const work = () => Promise.resolve(void told.push('work'));
    await expect(whileAllHeld([gateway('one'), gone], work)).rejects.toThrow('stopped');
    await expect.poll(() => told).toEqual(['one holds', 'one lets go']);
  });

  it('need not be there', async () => {
    told.length = 0;
    await whileAllHeld([], () => Promise.resolve(void told.push('work')));
    expect(told).toEqual(['work']);
  });
});
