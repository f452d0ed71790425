/** Where a journal is kept: texts under keys, in the order of their keys. */

/** The value of a key that says all by being there. */
export const SET = '1';

/** A change; `value` absent removes. It isn't empty: LevelDB's binding would keep memory for each empty one for good. */
export interface Change {
  readonly key: string;
  readonly value?: string;
}

/** A store of texts; {@link MemoryStorage} and {@link LevelStorage} behave alike, save that one forgets. */
export interface Storage {
  /** Whether what is written is there after the process has ended. */
  readonly durable: boolean;
  get(key: string): string | undefined;
  /** Pairs from `from` on and before `before`, at most `limit`. */
  range(from: string, before: string, limit: number): Promise<readonly (readonly [string, string])[]>;
  /**
   * Writes all of it or nothing.
   * @param sync Whether it is on the disk when this resolves: no power cut loses it. Otherwise the operating system has
   *   it: no end of the process loses it, kill -9 included.
   */
  write(changes: readonly Change[], options: { readonly sync: boolean }): Promise<void>;
  close(): Promise<void>;
}
