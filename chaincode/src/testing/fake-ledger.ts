/**
 * A ledger in memory with the semantics of Fabric that rules depend on: a simulation reads the state as it was when it
 * began and never its own writes; an empty value deletes; keys are in UTF-8 byte order; at commit every version read and
 * every range is checked again, and each written key's own policy.
 */
import { Buffer } from 'node:buffer';

export const VALID = 0;
export const ENDORSEMENT_POLICY_FAILURE = 10;
export const MVCC_READ_CONFLICT = 11;
export const PHANTOM_READ_CONFLICT = 12;

interface Versioned {
  /** The key in UTF-8. */
  readonly bytes: Buffer;
  readonly value: Buffer;
  readonly version: number;
}
type State = ReadonlyMap<string, Versioned>;

/** Whether these organizations' peers satisfy a key-level policy. */
export type PolicyEvaluator = (policy: Uint8Array, endorsers: ReadonlySet<string>) => boolean;

export interface Modification {
  readonly txId: string;
  readonly milliseconds: number;
  readonly isDelete: boolean;
  readonly value: Buffer;
}

interface RangeRead {
  readonly start: string;
  readonly end: string;
  readonly found: readonly (readonly [string, number])[];
}

function entriesBetween(state: State, start: string, end: string): [string, Versioned][] {
  const [first, last] = [Buffer.from(start), Buffer.from(end)];
  return [...state]
    .filter(([, { bytes }]) => bytes.compare(first) >= 0 && bytes.compare(last) < 0)
    .sort(([, a], [, b]) => a.bytes.compare(b.bytes));
}

/** One transaction's view of the state and what it read and wrote. */
export class Simulation {
  readonly reads = new Map<string, number | undefined>();
  readonly ranges: RangeRead[] = [];
  readonly writes = new Map<string, Buffer>();
  readonly policies = new Map<string, Uint8Array>();
  #paginated = false;

  constructor(
    readonly txId: string,
    readonly milliseconds: number,
    private readonly state: State,
    private readonly histories: ReadonlyMap<string, readonly Modification[]>,
  ) {}

  get(key: string): Buffer {
    const held = this.state.get(key);
    this.reads.set(key, held?.version);
    return held?.value ?? Buffer.alloc(0);
  }

  put(key: string, value: Uint8Array): void {
    if (this.#paginated) throw new Error('writes are not allowed after a paginated read');
    this.writes.set(key, Buffer.from(value));
  }

  protect(key: string, policy: Uint8Array): void {
    if (this.#paginated) throw new Error('writes are not allowed after a paginated read');
    this.policies.set(key, policy);
  }

  range(start: string, end: string): [string, Buffer][] {
    const found = entriesBetween(this.state, start, end);
    this.ranges.push({ start, end, found: found.map(([key, { version }]) => [key, version]) });
    return found.map(([key, { value }]) => [key, value]);
  }

  page(start: string, end: string, limit: number): { entries: [string, Buffer][]; bookmark: string } {
    if (this.writes.size > 0) throw new Error('a paginated read is not allowed after writes');
    this.#paginated = true;
    const found = entriesBetween(this.state, start, end);
    return {
      entries: found.slice(0, limit).map(([key, { value }]) => [key, value]),
      bookmark: found[limit]?.[0] ?? '',
    };
  }

  /** Newest first, as Fabric answers it. */
  history(key: string): Modification[] {
    return [...(this.histories.get(key) ?? [])].reverse();
  }
}

export class FakeLedger {
  #state: State = new Map();
  #policies = new Map<string, Uint8Array>();
  #histories = new Map<string, Modification[]>();
  #version = 0;
  /** Of the present state, once it was asked for. */
  #contents: ReadonlyMap<string, string> | undefined;
  #transactions = 0;

  constructor(private readonly satisfies: PolicyEvaluator) {}

  /** @param milliseconds the transaction's timestamp */
  simulate(milliseconds: number): Simulation {
    this.#transactions += 1;
    const txId = this.#transactions.toString(16).padStart(64, '0');
    return new Simulation(txId, milliseconds, this.#state, this.#histories);
  }

  /**
   * Validates and applies, in a block of its own.
   *
   * @param endorsers organizations whose peers endorsed; absent for as many as anybody could ask for.
   * @param majority how many of them a write without a policy of its own needs.
   * @returns Fabric's validation code
   */
  commit(simulation: Simulation, endorsers?: ReadonlySet<string>, majority = 0): number {
    if (endorsers && !this.#endorsed(simulation, endorsers, majority)) return ENDORSEMENT_POLICY_FAILURE;
    for (const [key, version] of simulation.reads)
      if (this.#state.get(key)?.version !== version) return MVCC_READ_CONFLICT;
    for (const { start, end, found } of simulation.ranges) {
      const now = entriesBetween(this.#state, start, end);
      const same =
        now.length === found.length &&
        now.every(([key, { version }], index) => {
          const [formerKey, formerVersion] = found[index] ?? [];
          return key === formerKey && version === formerVersion;
        });
      if (!same) return PHANTOM_READ_CONFLICT;
    }
    this.#apply(simulation);
    return VALID;
  }

  #endorsed({ writes }: Simulation, endorsers: ReadonlySet<string>, majority: number): boolean {
    const policies = [...writes.keys()].map((key) => this.#policies.get(key));
    const plain = policies.length === 0 || policies.includes(undefined);
    return (
      (!plain || endorsers.size >= majority) &&
      policies.every((policy) => policy === undefined || this.satisfies(policy, endorsers))
    );
  }

  #apply({ writes, policies, txId, milliseconds }: Simulation): void {
    this.#version += 1;
    const state = new Map(this.#state);
    for (const [key, value] of writes) {
      const isDelete = value.length === 0;
      if (isDelete) {
        state.delete(key);
        this.#policies.delete(key);
      } else state.set(key, { bytes: Buffer.from(key), value, version: this.#version });
      const history = this.#histories.get(key) ?? [];
      history.push({ txId, milliseconds, isDelete, value });
      this.#histories.set(key, history);
    }
    for (const [key, policy] of policies) this.#policies.set(key, policy);
    this.#state = state;
    this.#contents = undefined;
  }

  /** Every key and its text, for looking at the whole. */
  get contents(): ReadonlyMap<string, string> {
    this.#contents ??= new Map([...this.#state].map(([key, { value }]) => [key, value.toString('utf8')]));
    return this.#contents;
  }

  /** Keys with a policy of their own. */
  get protectedKeys(): readonly string[] {
    return [...this.#policies.keys()];
  }
}
