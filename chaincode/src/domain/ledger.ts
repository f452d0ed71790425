/**
 * The ledger as the rules see it: typed keys and the few operations that Fabric's world state offers.
 *
 * Reads answer the state as it was when the call began: Fabric doesn't read a transaction's own writes. Every key read
 * is checked again at commit, and a range for phantoms.
 */

declare const held: unique symbol;

/** A composite key and the type of what it holds. */
export interface Key<T> {
  readonly type: string;
  readonly parts: readonly string[];
  readonly [held]?: T;
}

/** All keys of a type that begin with these parts. */
export interface Prefix<T> {
  readonly type: string;
  readonly parts: readonly string[];
  readonly [held]?: T;
}

export interface Entry<T> {
  readonly parts: readonly string[];
  readonly value: T;
}

/** One former value of a key; `value` is absent where it was deleted. */
export interface Change<T> {
  readonly transactionId: string;
  /** The transaction's timestamp, RFC 3339. */
  readonly at: string;
  readonly value?: T;
}

/** Whose peers must endorse a write: the owner's and `count` of the others'. */
export interface Ownership {
  /** MSP id. */
  readonly owner: string;
  /** MSP ids, in a fixed order, without the owner. */
  readonly others: readonly string[];
  readonly count: number;
}

export interface Ledger {
  get<T>(key: Key<T>): Promise<T | undefined>;
  put<T>(key: Key<T>, value: T): Promise<void>;
  /** Only for keys without an ownership: a re-created key has lost its policy. */
  delete(key: Key<unknown>): Promise<void>;
  /** Sets the key's own endorsement policy, which replaces the channel's for this key. */
  own(key: Key<unknown>, ownership: Ownership): Promise<void>;
  /** All entries in key order; usable in writes, where Fabric checks the range again at commit. */
  range<T>(prefix: Prefix<T>): Promise<Entry<T>[]>;
  /**
   * Up to `limit` entries in key order from the position `from`, and the position of the next; only where nothing is
   * written (Fabric refuses writes after a paginated read). A position outside the range is refused.
   *
   * @throws {DomainError} `invalid-input` for a position that lies outside the range.
   */
  page<T>(prefix: Prefix<T>, limit: number, from?: string): Promise<LedgerPage<T>>;
  /** Every value that the key has held, oldest first. */
  history<T>(key: Key<T>): Promise<Change<T>[]>;
}

export interface LedgerPage<T> {
  readonly entries: readonly (Entry<T> & { /** Where this entry begins. */ readonly position: string })[];
  /** Where the next page begins; absent at the end of the range. */
  readonly next?: string;
}
