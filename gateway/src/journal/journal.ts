/**
 * The gateway's memory of the writes that it was asked for: what was answered to whom, and which transactions were handed
 * to the orderers without an answer yet.
 *
 * Keys: `entry/<id>` the entry, `transaction/<transaction id>` the id of its entry, `open/<id>` for those without an
 * answer, `expiry/<time>/<id>` to find those that have had their time.
 */
import type { Entry } from './entry.js';
import { type Change, SET, type Storage } from './storage.js';

const PRUNED_AT_ONCE = 1_000;
const OPEN_AT_ONCE = 1_000;
/** Sorts after whatever follows the prefix in a key: keys are ASCII. */
const END = '~';

const entryKey = (id: string): string => `entry/${id}`;
const openKey = (id: string): string => `open/${id}`;
const transactionKey = (transactionId: string): string => `transaction/${transactionId}`;
/** Wide enough for every date, so that the order of texts is that of times. */
const time = (ms: number): string => String(Math.max(0, ms)).padStart(16, '0');
const expiryKey = ({ id, expiresAt }: Entry): string => `expiry/${time(expiresAt)}/${id}`;

export class Journal {
  #works = true;

  constructor(private readonly storage: Storage) {}

  /** Whether it could be written when that was tried last. */
  get works(): boolean {
    return this.#works;
  }

  /** Whether it outlives the process. */
  get durable(): boolean {
    return this.storage.durable;
  }

  /** The entry of an id, whether or not it has expired. */
  entry(id: string): Entry | undefined {
    const text = this.storage.get(entryKey(id));
    return text === undefined ? undefined : (JSON.parse(text) as Entry);
  }

  /** The entry that a transaction was proposed for. */
  entryOf(transactionId: string): Entry | undefined {
    const id = this.storage.get(transactionKey(transactionId));
    return id === undefined ? undefined : this.entry(id);
  }

  /**
   * Writes an entry, in the place of what was there under its id.
   * @param sync Whether a power cut must not lose it: see {@link Storage.write}.
   */
  save(entry: Entry, { sync }: { readonly sync: boolean }): Promise<void> {
    const { id, proposals, answer } = entry;
    return this.#write(
      [
        { key: entryKey(id), value: JSON.stringify(entry) },
        ...proposals.map(({ transactionId }) => ({ key: transactionKey(transactionId), value: id })),
        answer ? { key: openKey(id) } : { key: openKey(id), value: SET },
        { key: expiryKey(entry), value: SET },
      ],
      { sync },
    );
  }

  /** Removes an entry: its id stands for nothing any more. */
  forget(entry: Entry): Promise<void> {
    return this.#write(removal(entry), { sync: false });
  }

  /** Entries without an answer: what an earlier run of the gateway left, when it is asked at the start. */
  async open(): Promise<Entry[]> {
    const entries: Entry[] = [];
    for await (const key of this.#openKeys()) {
      const entry = this.entry(key.slice(openKey('').length));
      if (entry) entries.push(entry);
    }
    return entries;
  }

  /** How many there are of those. */
  async countOpen(): Promise<number> {
    let count = 0;
    for await (const _key of this.#openKeys()) count += 1;
    return count;
  }

  async *#openKeys(): AsyncGenerator<string> {
    let from = openKey('');
    for (;;) {
      const page = await this.storage.range(from, openKey(END), OPEN_AT_ONCE);
      for (const [key] of page) yield key;
      const last = page.at(-1)?.[0];
      if (last === undefined || page.length < OPEN_AT_ONCE) return;
      from = `${last}\0`;
    }
  }

  /** Removes what has expired by `now` (Unix time in milliseconds); answers how many entries that were. */
  async prune(now: number): Promise<number> {
    // Whoever waits for it to work again sends nothing that would show it.
    if (!this.#works) await this.#write([{ key: 'tried', value: SET }], { sync: true });
    let removed = 0;
    for (;;) {
      const expired = await this.storage.range('expiry/', `expiry/${time(now)}`, PRUNED_AT_ONCE);
      if (expired.length === 0) return removed;
      const changes = expired.flatMap(([key]) => {
        const entry = this.entry(key.split('/')[2] ?? '');
        // Under the same id a later one may stand.
        return entry && expiryKey(entry) === key ? removal(entry) : [{ key }];
      });
      await this.#write(changes, { sync: false });
      removed += expired.length;
    }
  }

  async #write(...[changes, options]: Parameters<Storage['write']>): Promise<void> {
    try {
      await this.storage.write(changes, options);
      this.#works = true;
    } catch (error) {
      this.#works = false;
      throw error;
    }
  }
}

function removal(entry: Entry): Change[] {
  return [
    { key: entryKey(entry.id) },
    ...entry.proposals.map(({ transactionId }) => ({ key: transactionKey(transactionId) })),
    { key: openKey(entry.id) },
    { key: expiryKey(entry) },
  ];
}
