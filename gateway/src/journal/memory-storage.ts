/** A journal's storage that is gone with the process. */
import type { Change, Storage } from './storage.js';

export class MemoryStorage implements Storage {
  readonly durable = false;
  readonly #texts = new Map<string, string>();

  get(key: string): string | undefined {
    return this.#texts.get(key);
  }

  range(from: string, before: string, limit: number): Promise<readonly (readonly [string, string])[]> {
    const found = [...this.#texts].filter(([key]) => key >= from && key < before);
    return Promise.resolve(found.sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, limit));
  }

  write(changes: readonly Change[]): Promise<void> {
    for (const { key, value } of changes)
      if (value === undefined) this.#texts.delete(key);
      else this.#texts.set(key, value);
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
