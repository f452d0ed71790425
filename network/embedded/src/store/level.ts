/** A store in a folder, on LevelDB: the database that Fabric itself uses for state and indexes. */
import { ClassicLevel } from 'classic-level';
import { cached } from './cache.js';
import type { Store, StoreIterator, StoreRange, StoreSnapshot, StoreWrite } from './store.js';

type Database = ClassicLevel<Uint8Array, Uint8Array>;
type Snapshot = ReturnType<Database['snapshot']>;

/**
 * Opens or creates the store in a folder. A second process on the same folder is refused by LevelDB's lock.
 *
 * A batch is handed to the operating system before it counts as written: no end of the process loses it, kill -9
 * included. With `sync` it is on the disk as well, which survives a power cut and costs an fsync a block.
 */
export async function levelStore(directory: string, options: { sync?: boolean } = {}): Promise<Store> {
  const database: Database = new ClassicLevel(directory, { keyEncoding: 'view', valueEncoding: 'view' });
  await database.open();
  return cached(new LevelStore(database, options.sync ?? false));
}

class LevelStore implements Store {
  readonly #database: Database;
  readonly #sync: boolean;

  constructor(database: Database, sync: boolean) {
    this.#database = database;
    this.#sync = sync;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#database.getSync(key);
  }

  iterate(range: StoreRange): StoreIterator {
    return this.#iterator(range);
  }

  snapshot(): StoreSnapshot {
    const snapshot = this.#database.snapshot();
    return {
      get: (key) => this.#database.getSync(key, { snapshot }),
      iterate: (range) => this.#iterator(range, snapshot),
      // The database waits for it when it closes.
      close: () => void snapshot.close(),
    };
  }

  async write(batch: readonly StoreWrite[]): Promise<void> {
    await this.#database.batch(
      batch.map(({ key, value }) =>
        value === undefined ? { type: 'del', key } : { type: 'put', key, value },
      ),
      { sync: this.#sync },
    );
  }

  close(): Promise<void> {
    return this.#database.close();
  }

  #iterator(range: StoreRange, snapshot?: Snapshot): StoreIterator {
    const iterator = this.#database.iterator({
      gte: range.start,
      lt: range.end,
      reverse: range.reverse ?? false,
      ...(snapshot === undefined ? {} : { snapshot }),
    });
    return {
      next: async () => {
        const entry = await iterator.next();
        return entry === undefined ? undefined : { key: entry[0], value: entry[1] };
      },
      close: () => iterator.close(),
    };
  }
}
