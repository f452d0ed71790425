/**
 * An act performed again: by the rules of the chaincode, over the ledger as it was before the transaction, with what its
 * creator signed. What the rules give must be what stands on the ledger: every key, policy and fact, and nothing else.
 */
import {
  DomainError,
  EVENT_NAME,
  TRANSACTIONS,
  isTransaction,
  rules,
  type Fact,
  type SubmitName,
} from 'umlauf-chaincode/api';
import { reasonOf, sameBytes } from '../text.js';
import { nameOf, type Act } from './act.js';
import { differenceOf } from './difference.js';
import type { Judge } from './judge.js';
import { ownershipPolicy } from './ownership.js';
import type { CooperativeState, KeyName } from './state.js';

const CHECK = 'performed';

/** Of a key: what performing writes there; undefined deletes it. */
interface Written extends KeyName {
  readonly value: unknown;
}

interface Performance {
  /** By composite key. */
  readonly writes: ReadonlyMap<string, Written>;
  /** By composite key, in Fabric's encoding. */
  readonly policies: ReadonlyMap<string, Uint8Array>;
  readonly facts: readonly Fact[];
}

/** Judges a transaction by performing it; what is wrong with its call alone is a finding only where it writes. */
export async function judgePerformed(judge: Judge): Promise<void> {
  const { act, state } = judge;
  const { name, input } = act.asked;
  const transaction = isTransaction(name) ? TRANSACTIONS[name] : undefined;
  if (transaction?.kind !== 'submit' || input === undefined) {
    judge.require(
      CHECK,
      act.changes.isEmpty,
      `writes, but its creator asked for ${whatOf(name, transaction)}`,
    );
    return;
  }
  try {
    compare(judge, await perform(act, state));
  } catch (error) {
    const reason =
      error instanceof DomainError ? `${error.code} ${JSON.stringify(error.data)}` : reasonOf(error);
    judge.find(CHECK, `${name} stands on the ledger, but the rules refuse it: ${reason}`);
  }
}

function whatOf(name: string, transaction: { readonly kind: string } | undefined): string {
  if (!transaction) return `"${name}", which is no transaction of the chaincode`;
  return transaction.kind === 'submit' ? `what ${name} doesn't take` : `${name}, which only reads`;
}

async function perform(act: Act, state: CooperativeState): Promise<Performance> {
  const writes = new Map<string, Written>();
  const policies = new Map<string, Uint8Array>();
  const facts: Fact[] = [];
  const write = ({ type, parts }: KeyName, value: unknown): Promise<void> => {
    writes.set(rules.compositeKey({ type, parts }), { type, parts, value });
    return Promise.resolve();
  };
  const ledger: rules.Ledger = {
    get: (key) => Promise.resolve(state.get(key)),
    put: write,
    delete: (key) => write(key, undefined),
    own: (key, ownership) => {
      policies.set(rules.compositeKey(key), ownershipPolicy(ownership));
      return Promise.resolve();
    },
    range: (prefix) => Promise.resolve(state.range(prefix)),
    // Fabric refuses writes after a page, and a history is no part of the state that validation checks.
    page: () => Promise.reject(new Error('an act reads a page')),
    history: () => Promise.reject(new Error('an act reads a history')),
  };
  const { transactionId, at, caller, organizations, asked } = act;
  const call: rules.Call = {
    ledger,
    network: { organizations: () => Promise.resolve(organizations) },
    caller,
    transactionId,
    at,
    tell: (type, id, data = {}) => {
      facts.push({ type, id, data });
    },
  };
  await rules.perform(asked.name as SubmitName, call, asked.input as never);
  return { writes, policies, facts };
}

function compare(judge: Judge, { writes, policies, facts }: Performance): void {
  const { asked, changes, event } = judge.act;
  const found = new Map([...changes.all()].map((change) => [rules.compositeKey(change), change]));
  for (const [key, change] of found) {
    const expected = writes.get(key);
    const name = nameOf(change);
    if (!change.isWritten) continue;
    if (!expected) judge.find(checkOf(change), `${asked.name} does not write ${name}`);
    else compareValues(judge, name, { ...expected, found: change.after });
  }
  for (const [key, expected] of writes)
    if (found.get(key)?.isWritten !== true)
      judge.find(checkOf(expected), `${asked.name} leaves out what it must write: ${nameOf(expected)}`);
  for (const key of new Set([...found.keys(), ...policies.keys()])) {
    const [policy, expected] = [found.get(key)?.policy, policies.get(key)];
    if (policy === expected || (policy && expected && sameBytes(policy, expected))) continue;
    const name = { type: rules.typeOf(key), parts: rules.partsOf(key) };
    judge.find(
      name.type === 'ballot' ? 'ballot-policy' : CHECK,
      `${asked.name} gives ${nameOf(name)} ${expected ? 'another policy than its own' : 'a policy that it must not have'}`,
    );
  }
  const payload = rules.canonicalJson(facts);
  judge.require(
    CHECK,
    facts.length === 0 ? event === undefined : event?.name === EVENT_NAME && event.payload === payload,
    `${asked.name} tells another event than its facts`,
  );
}

function compareValues(
  judge: Judge,
  name: string,
  { value, found, ...key }: Written & { found: unknown },
): void {
  if (rules.sameContent(found ?? null, value ?? null)) return;
  const how =
    found === undefined
      ? 'deleted'
      : value === undefined
        ? 'kept, not deleted'
        : `another than the rules give, in ${differenceOf(found, value)}`;
  judge.find(checkOf(key), `by ${judge.act.asked.name}, ${name} is ${how}`);
}

/** Index entries keep the name of their check: lists leave nothing out. */
const checkOf = ({ type }: KeyName): 'index' | typeof CHECK => (type === 'index' ? 'index' : CHECK);
