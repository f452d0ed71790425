/** A journal's storage in a folder, on LevelDB. */
import { ClassicLevel } from 'classic-level';
import type { Change, Storage } from './storage.js';

type Database = ClassicLevel;

/**
 * LevelDB maps each table that it holds open into memory, 2 MB each: with its own 1,000 the process would grow for as long
 * as answers are kept. These are the fewest that it takes (db/db_impl.cc, SanitizeOptions).
 */
const OPEN_FILES = 74;

interface Waiting {
  readonly changes: readonly Change[];
  readonly sync: boolean;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Writes that come while one is under way are written together: with many requests in flight, one fsync serves all of
 * those that wait for it.
 */
export class LevelStorage implements Storage {
  readonly durable = true;
  readonly #database: Database;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;

  private constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Opens the storage in a folder, making it at the first time.
   * @throws {Error} if it can't be used, or another process uses it.
   */
  static async open(folder: string): Promise<LevelStorage> {
    const database: Database = new ClassicLevel(folder, {
      keyEncoding: 'utf8',
      valueEncoding: 'utf8',
      maxOpenFiles: OPEN_FILES,
    });
    await database.open();
    return new LevelStorage(database);
  }

  get(key: string): string | undefined {
    return this.#database.getSync(key);
  }

  range(from: string, before: string, limit: number): Promise<[string, string][]> {
    return this.#database.iterator({ gte: from, lt: before, limit }).all();
  }

  write(changes: readonly Change[], { sync }: { readonly sync: boolean }): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ changes, sync, resolve, reject });
      this.#writing ??= this.#writeAll();
    });
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#database.close();
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const together = this.#waiting.splice(0);
      try {
        await this.#database.batch(
          together.flatMap(({ changes }) =>
            changes.map(({ key, value }) =>
              value === undefined ? { type: 'del' as const, key } : { type: 'put' as const, key, value },
            ),
          ),
          { sync: together.some(({ sync }) => sync) },
        );
        for (const { resolve } of together) resolve();
      } catch (error) {
        for (const { reject } of together) reject(error);
      }
    }
    this.#writing = undefined;
  }
}
