/** What the valid writes of the chaincode's namespace have led to so far, decoded. */
import { keys, rules, type MemberRecord } from 'umlauf-chaincode/api';

/** One key that a transaction writes. */
export interface Change<T = unknown> {
  readonly type: string;
  readonly parts: readonly string[];
  readonly before: T | undefined;
  /** Undefined where the key is deleted. */
  readonly after: T | undefined;
  /** The key's own endorsement policy, where the transaction sets one: a `common.SignaturePolicyEnvelope`. */
  readonly policy?: Uint8Array;
}

/** The part of a typed key that names it. */
export type KeyName = Pick<rules.Key<unknown>, 'type' | 'parts'>;

export class CooperativeState {
  readonly #types = new Map<string, Map<string, unknown>>();

  get<T>(key: rules.Key<T>): T | undefined {
    return this.#types.get(key.type)?.get(rules.compositeKey(key)) as T | undefined;
  }

  /** Every record of a type, in no order. */
  all<T>(type: string): T[] {
    return [...(this.#types.get(type)?.values() ?? [])] as T[];
  }

  set(key: KeyName, value: unknown): void {
    const records = this.#types.get(key.type) ?? new Map<string, unknown>();
    this.#types.set(key.type, records);
    if (value === undefined) records.delete(rules.compositeKey(key));
    else records.set(rules.compositeKey(key), value);
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
