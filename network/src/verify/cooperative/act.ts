/** One valid transaction that writes the cooperative's namespace: who did what, when, and which keys it changes. */
import { TRANSACTIONS, isTransaction, rules, type Role } from 'umlauf-chaincode/api';
import type { Change, KeyName } from './state.js';

/** What the creator asked for: it is under the creator's own signature. */
export interface Asked {
  /** As called, e.g. `resolutions:vote`. */
  readonly name: string;
  /** The one parameter, as the transaction's schema reads it; undefined where it doesn't fit. */
  readonly input: unknown;
}

export interface Act {
  readonly transactionId: string;
  /** The transaction's timestamp: RFC 3339, UTC, milliseconds. */
  readonly at: string;
  readonly caller: { readonly mspId: string; readonly role?: Role };
  readonly asked: Asked;
  /** Organizations of the channel before the block, and whether each has approved the chaincode. */
  readonly organizations: ReadonlyMap<string, boolean>;
  readonly changes: Changes;
  /** The event that it sets, if any. */
  readonly event?: { readonly name: string; readonly payload: string };
}

/** The changes of one transaction, by key. */
export class Changes {
  readonly #byKey: ReadonlyMap<string, Change>;

  constructor(changes: readonly Change[]) {
    this.#byKey = new Map(changes.map((change) => [rules.compositeKey(change), change]));
  }

  get<T>(key: rules.Key<T>): Change<T> | undefined {
    return this.#byKey.get(rules.compositeKey(key)) as Change<T> | undefined;
  }

  of<T>(type: string): Change<T>[] {
    return [...this.#byKey.values()].filter((change) => change.type === type) as Change<T>[];
  }

  all(): Iterable<Change> {
    return this.#byKey.values();
  }

  get isEmpty(): boolean {
    return this.#byKey.size === 0;
  }
}

/** Reads the arguments of a call: the function's name and one JSON text. */
export function readAsked(args: readonly Uint8Array[]): Asked {
  const [first = '', json = ''] = args.map((arg) => Buffer.from(arg).toString('utf8'));
  // A function without the name of its contract is one of the first contract (fabric-contract-api).
  const name = first.includes(':') ? first : `foundations:${first}`;
  const schema = isTransaction(name) ? TRANSACTIONS[name].input : undefined;
  try {
    return { name, input: schema?.safeParse(JSON.parse(json)).data };
  } catch {
    return { name, input: undefined };
  }
}

/** How a key is called in findings. */
export const nameOf = ({ type, parts }: KeyName): string => [type, ...parts].join(' ');
