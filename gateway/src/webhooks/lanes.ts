/**
 * What waits to be delivered, in a lane for each resource: one after the other in its own, so that a receiver hears of a
 * resource in the order of the ledger, and beside each other otherwise, so that one that fails holds back its own alone.
 */
import { compare } from '../events/position.js';
import type { Delivery } from './delivery.js';

interface Lane {
  /** In their order; the first may be under way. */
  readonly waiting: Delivery[];
  underWay: boolean;
  /** When the first may be tried, in Unix milliseconds. */
  notBefore: number;
}

export class Lanes {
  readonly #lanes = new Map<string, Lane>();
  #size = 0;
  #underWay = 0;

  /** Deliveries that wait or are under way. */
  get size(): number {
    return this.#size;
  }

  get underWay(): number {
    return this.#underWay;
  }

  /** Lanes whose first has failed and is tried again. */
  get failing(): number {
    let failing = 0;
    for (const { waiting } of this.#lanes.values()) if ((waiting[0]?.attempts ?? 0) > 0) failing += 1;
    return failing;
  }

  /** Adds a delivery at its place in its lane: before what is later on the ledger, never before what is under way. */
  add(delivery: Delivery): void {
    const lane = this.#lanes.get(delivery.resource) ?? { waiting: [], underWay: false, notBefore: 0 };
    this.#lanes.set(delivery.resource, lane);
    const { waiting } = lane;
    const later = waiting.findIndex(
      ({ position }, index) => index >= (lane.underWay ? 1 : 0) && compare(position, delivery.position) > 0,
    );
    waiting.splice(later < 0 ? waiting.length : later, 0, delivery);
    this.#size += 1;
  }

  /** Takes what is due, at most so many; they are under way from now on. */
  take(now: number, most: number): Delivery[] {
    const taken: Delivery[] = [];
    for (const lane of this.#lanes.values()) {
      if (taken.length >= most) break;
      const [first] = lane.waiting;
      if (!first || lane.underWay || lane.notBefore > now) continue;
      lane.underWay = true;
      taken.push(first);
    }
    this.#underWay += taken.length;
    return taken;
  }

  /** It has arrived, or was given up: the next one of its lane may go. */
  done({ resource }: Delivery): void {
    const lane = this.#ended(resource);
    lane.waiting.shift();
    lane.notBefore = 0;
    this.#size -= 1;
    if (lane.waiting.length === 0) this.#lanes.delete(resource);
  }

  /** It failed and is tried again; what follows in its lane waits for it. */
  again(delivery: Delivery, notBefore: number): void {
    const lane = this.#ended(delivery.resource);
    lane.waiting[0] = delivery;
    lane.notBefore = notBefore;
  }

  /** When the next one is due, of those that are not under way; `undefined` if there is none. */
  nextDue(): number | undefined {
    let next: number | undefined;
    for (const { underWay, notBefore } of this.#lanes.values())
      if (!underWay && (next === undefined || notBefore < next)) next = notBefore;
    return next;
  }

  #ended(resource: string): Lane {
    const lane = this.#lanes.get(resource);
    if (!lane?.underWay) throw new Error(`nothing of ${resource} is under way`);
    lane.underWay = false;
    this.#underWay -= 1;
    return lane;
  }
}
