/** What the valid writes of the chaincode's namespace have led to so far, decoded. */
import { keys, rules, type MemberRecord } from 'umlauf-chaincode/api';

/** One key that a transaction writes. */
export interface Change<T = unknown> {
  readonly type: string;
  readonly parts: readonly string[];
  readonly before: T | undefined;
  /** Undefined where the key is deleted. */
  readonly after: T | undefined;
  /** Whether its value is written, not its policy alone. */
  readonly isWritten: boolean;
  /** The key's own endorsement policy, where the transaction sets one: a `common.SignaturePolicyEnvelope`. */
  readonly policy?: Uint8Array;
}

/** The part of a typed key that names it. */
export type KeyName = Pick<rules.Key<unknown>, 'type' | 'parts'>;

/** The records of one type by composite key, and these keys in order once a range was asked for. */
interface RecordsOfType {
  readonly byKey: Map<string, unknown>;
  sorted?: string[];
}

export class CooperativeState {
  readonly #types = new Map<string, RecordsOfType>();

  get<T>(key: rules.Key<T>): T | undefined {
    return this.#types.get(key.type)?.byKey.get(rules.compositeKey(key)) as T | undefined;
  }

  /** Every record of a type, in no order. */
  all<T>(type: string): T[] {
    return [...(this.#types.get(type)?.byKey.values() ?? [])] as T[];
  }

  /** All entries with a prefix in key order, as Fabric answers them. */
  range<T>(prefix: rules.Prefix<T>): rules.Entry<T>[] {
    const records = this.#types.get(prefix.type);
    if (!records) return [];
    const sorted = (records.sorted ??= [...records.byKey.keys()].sort());
    const start = rules.compositeKey(prefix);
    const entries: rules.Entry<T>[] = [];
    for (let at = placeOf(sorted, start); at < sorted.length; at += 1) {
      const key = sorted[at] ?? '';
      if (!key.startsWith(start)) break;
      entries.push({ parts: rules.partsOf(key), value: records.byKey.get(key) as T });
    }
    return entries;
  }

  /** Freezes the value: an act that changed what it has read would change the state here, and nothing on a peer. */
  set(key: KeyName, value: unknown): void {
    const records: RecordsOfType = this.#types.get(key.type) ?? { byKey: new Map<string, unknown>() };
    this.#types.set(key.type, records);
    const { byKey, sorted } = records;
    const name = rules.compositeKey(key);
    if (sorted && byKey.has(name) !== (value !== undefined))
      sorted.splice(
        placeOf(sorted, name),
        value === undefined ? 1 : 0,
        ...(value === undefined ? [] : [name]),
      );
    if (value === undefined) byKey.delete(name);
    else byKey.set(name, deepFreeze(value));
  }

  /** Everybody on the register: admitted or ending. */
  registered(): MemberRecord[] {
    return this.all<MemberRecord>('member')
      .filter(rules.onRegister)
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** The record that an MSP id belongs to. */
  memberByMsp(mspId: string): MemberRecord | undefined {
    const entry = this.get(keys.memberMsp(mspId));
    const record = entry && this.get(keys.member(entry.memberId));
    return record?.mspId === mspId ? record : undefined;
  }
}

/** The place of a key in sorted keys: that of the first that isn't before it. */
function placeOf(sorted: readonly string[], key: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
