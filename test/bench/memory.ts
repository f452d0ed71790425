/** The memory of a gateway under a steady load: it must not grow with what has been asked of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { call, type GatewayAccess } from 'umlauf-network';
import { percentile, perSecond, type Figure } from './measure.js';
import { residentKb, withOwnGateway, type OwnGateway } from './own-gateway.js';

const IN_FLIGHT = 32;
/** Calls that don't count: after these a gateway has what it needs for any number of them, and goes at its full speed. */
const WARM_UP = 2_000;
const MEASURED = 2_000;
const SAMPLED_EVERY_MS = 500;
const MINUTE_MS = 60_000;
/** With room to spare Node lets garbage lie for minutes, which looks like growth. */
const NODE_OPTIONS = '--max-old-space-size=96 --max-semi-space-size=8';
/** One write among so many calls. */
const WRITE_EVERY = 4;

/**
 * Loads a gateway with half of what it can do: one write in four calls, each with a key of its own, then a read of what was
 * written, of a list, and of the members. Its memory in the last quarter is held against that in the second one; of each
 * the median.
 * @param minutes how long
 */
export function memory(minutes: number): Promise<Figure[]> {
  return withOwnGateway({ environment: { NODE_OPTIONS } }, async (own) => {
    const load = new MixedLoad(own);
    await load.run(WARM_UP);
    const most = await load.run(MEASURED);
    const samples: number[] = [];
    const sampling = setInterval(() => samples.push(residentKb(own.gateway.pid) / 1024), SAMPLED_EVERY_MS);
    let rate: number;
    try {
      rate = await load.paced(most / 2, minutes * MINUTE_MS);
    } finally {
      clearInterval(sampling);
    }
    const quarter = (index: number) =>
      percentile(samples.slice((samples.length * index) / 4, (samples.length * (index + 1)) / 4), 0.5);
    const [second, last] = [quarter(1), quarter(3)];
    const name = `gateway with a heap of 96 MB at half its load for ${minutes} min`;
    return [
      { name: `${name}: calls`, value: rate, unit: 'calls/s' },
      { name: `${name}: memory, second quarter`, value: second, unit: 'MB' },
      { name: `${name}: memory, last quarter`, value: last, unit: 'MB' },
      {
        name: `${name}: memory, last ÷ second quarter`,
        value: last / second,
        unit: '',
        target: { atMost: 1.1 },
      },
    ];
  });
}

class MixedLoad {
  #next = 0;
  /** What was written last. */
  #written: string | undefined;
  #access: GatewayAccess;
  #readAgainAt = 0;

  constructor(private readonly own: OwnGateway) {
    this.#access = own.gateway.access;
  }

  /** @returns calls a second, as fast as they go */
  run(count: number): Promise<number> {
    return perSecond(Array.from({ length: count }), IN_FLIGHT, () => this.#call());
  }

  /** @returns calls a second, of those that were asked for at most */
  async paced(rate: number, forMs: number): Promise<number> {
    const begin = performance.now();
    let done = 0;
    const caller = async (): Promise<void> => {
      for (let slot = done++; (slot / rate) * 1_000 < forMs; slot = done++) {
        await sleep(begin + (slot / rate) * 1_000 - performance.now());
        if (performance.now() - begin >= forMs) return;
        await this.#call();
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, caller));
    return (done / (performance.now() - begin)) * 1_000;
  }

  async #call(): Promise<void> {
    const index = this.#next++;
    const gateway = this.#gateway();
    switch (this.#written === undefined ? 0 : index % WRITE_EVERY) {
      case 0: {
        const id = `load-${index}`;
        const body = { id, title: { de: 'Mitteilung' }, text: { de: 'Die Mitglieder arbeiten.' } };
        await call(gateway, 'board', 'POST', '/announcements', { body, idempotencyKey: id });
        this.#written = id;
        return;
      }
      case 1:
        await call(gateway, 'auditor', 'GET', `/announcements/${this.#written}`);
        return;
      case 2:
        await call(gateway, 'auditor', 'GET', '/announcements?status=drafted&limit=10');
        return;
      default:
        await call(gateway, 'auditor', 'GET', '/members');
    }
  }

  /** With tokens that are valid: those in the home are renewed long before they expire. */
  #gateway(): GatewayAccess {
    if (performance.now() > this.#readAgainAt) {
      this.#readAgainAt = performance.now() + MINUTE_MS;
      const { url, memberId } = this.#access;
      const { tokens, mspId } = this.own.others().find((other) => other.memberId === memberId)!;
      this.#access = { memberId, mspId, url, tokens };
    }
    return this.#access;
  }
}
