/**
 * What is kept of one webhook, beside the journal: how far the ledger has been taken in, what is on its way, and what was
 * given up. An event is noted as on its way together with having been taken in, so that no end of the process loses it.
 *
 * Keys: `webhook/<id>/next` the place, `webhook/<id>/pending/<position>`, `webhook/<id>/dead/<position>`.
 */
import type { Position } from '../events/position.js';
import type { Change, Storage } from '../journal/storage.js';
import type { DeadLetter, Delivery } from './delivery.js';

const AT_ONCE = 500;
/** Sorts after whatever follows: keys are ASCII. */
const END = '~';

/** In the order of the ledger as text. */
const keyOf = ({ block, transaction, fact }: Position): string =>
  [block, transaction, fact].map((part) => String(part).padStart(16, '0')).join('-');

/** Letters of a page, and where the next page begins if there is one. */
export interface DeadLetters {
  readonly items: readonly DeadLetter[];
  readonly bookmark?: string;
}

export class DeliveryStore {
  readonly #prefix: string;

  constructor(
    private readonly storage: Storage,
    webhook: string,
  ) {
    this.#prefix = `webhook/${webhook}/`;
  }

  /** Where to go on taking in; `undefined` before the first time. */
  next(): Position | undefined {
    const text = this.storage.get(`${this.#prefix}next`);
    return text === undefined ? undefined : (JSON.parse(text) as Position);
  }

  /** Notes where it begins: what happens from there on is never lost, not by a power cut either. */
  begin(next: Position): Promise<void> {
    return this.storage.write([this.#next(next)], { sync: true });
  }

  /** Takes events in, and where to go on. */
  take(deliveries: readonly Delivery[], next: Position): Promise<void> {
    return this.storage.write([...deliveries.map((each) => this.#pending(each)), this.#next(next)], {
      sync: false,
    });
  }

  /** Notes a failed try. */
  retry(delivery: Delivery): Promise<void> {
    return this.storage.write([this.#pending(delivery)], { sync: false });
  }

  delivered({ position }: Delivery): Promise<void> {
    return this.storage.write([{ key: this.#pendingKey(position) }], { sync: false });
  }

  bury(letter: DeadLetter): Promise<void> {
    return this.storage.write(
      [
        { key: this.#pendingKey(letter.position) },
        { key: this.#deadKey(letter.position), value: JSON.stringify(letter) },
      ],
      { sync: false },
    );
  }

  /** Puts dead letters on their way again, as if they had never been tried. */
  async revive(letters: readonly DeadLetter[]): Promise<Delivery[]> {
    const deliveries = letters.map(({ at: _at, reason: _reason, ...delivery }) => ({
      ...delivery,
      attempts: 0,
    }));
    await this.storage.write(
      deliveries.flatMap((delivery) => [{ key: this.#deadKey(delivery.position) }, this.#pending(delivery)]),
      // Whoever asked for it is told that it is done.
      { sync: true },
    );
    return deliveries;
  }

  /** All that is on its way, in the order of the ledger. */
  async pending(): Promise<Delivery[]> {
    const found: Delivery[] = [];
    for (let from = ''; ;) {
      const page = await this.#range<Delivery>('pending', from, AT_ONCE);
      found.push(...page.map(([, delivery]) => delivery));
      const last = page.at(-1)?.[0];
      if (last === undefined || page.length < AT_ONCE) return found;
      from = `${last}\0`;
    }
  }

  /** Dead letters in the order of the ledger. */
  async dead(limit: number, bookmark = ''): Promise<DeadLetters> {
    const page = await this.#range<DeadLetter>('dead', bookmark, limit + 1);
    const items = page.slice(0, limit).map(([, letter]) => letter);
    const next = page[limit]?.[0];
    return { items, ...(next === undefined ? {} : { bookmark: next }) };
  }

  /** The part of the keys behind the prefix, and what is there. */
  async #range<T>(kind: 'pending' | 'dead', from: string, limit: number): Promise<[string, T][]> {
    const prefix = `${this.#prefix}${kind}/`;
    const pairs = await this.storage.range(prefix + from, prefix + END, limit);
    return pairs.map(([key, value]) => [key.slice(prefix.length), JSON.parse(value) as T]);
  }

  #pendingKey(position: Position): string {
    return `${this.#prefix}pending/${keyOf(position)}`;
  }

  #deadKey(position: Position): string {
    return `${this.#prefix}dead/${keyOf(position)}`;
  }

  #pending(delivery: Delivery): Change {
    return { key: this.#pendingKey(delivery.position), value: JSON.stringify(delivery) };
  }

  #next(next: Position): Change {
    return { key: `${this.#prefix}next`, value: JSON.stringify(next) };
  }
}
