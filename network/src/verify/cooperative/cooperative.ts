/**
 * The cooperative's own truth, from the valid writes of its chaincode's namespace: what the chaincode answered is not
 * looked at. Each act is performed again, and must give what was written and told; each changed key is judged by the
 * rules of its type besides, which say in the cooperative's words what is wrong.
 */
import { ledger, peer } from '@hyperledger/fabric-protos';
import { isRecordType, rules } from 'umlauf-chaincode/api';
import type { ChannelConfig } from 'umlauf-channel';
import type { NamespaceRwSet, ValidatedTransaction } from 'umlauf-embedded';
import type { Finder } from '../report.js';
import { reasonOf } from '../text.js';
import { isValid, transactionName } from '../transactions.js';
import { Changes, nameOf, type Act } from './act.js';
import { callerOf } from './caller.js';
import { invocationOf, type Invocation } from './invocation.js';
import { Judge } from './judge.js';
import { judgePerformed } from './performance.js';
import { decodeRecord } from './records.js';
import { judgeChange } from './rules.js';
import { CooperativeState, type Change } from './state.js';

/** What is needed of a block beside its transactions. */
export interface BlockContext {
  readonly number: number;
  /** The configuration in force before the block. */
  readonly config: ChannelConfig;
  /** Organizations of the channel before the block, and whether each has approved the chaincode. */
  readonly organizations: ReadonlyMap<string, boolean>;
}

const VALIDATION_PARAMETER = 'VALIDATION_PARAMETER' satisfies keyof typeof peer.MetaDataKeys;

export class CooperativeCheck {
  readonly state = new CooperativeState();
  readonly #namespace: string;
  readonly #find: Finder;
  readonly #acts = new Map<string, number>();
  readonly #unknownTypes = new Set<string>();

  /** @param chaincode name of the cooperative's chaincode */
  constructor(chaincode: string, find: Finder) {
    this.#namespace = chaincode;
    this.#find = find;
  }

  /** How often each transaction of the chaincode was carried out, by its name. */
  get acts(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#acts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Types of keys that the chaincode wrote and this verification doesn't know: not judged. */
  get unknownTypes(): readonly string[] {
    return [...this.#unknownTypes].sort();
  }

  async take(transactions: readonly ValidatedTransaction[], block: BlockContext): Promise<void> {
    for (const [index, transaction] of transactions.entries())
      if (isValid(transaction)) await this.#judge(transaction, transactionName(transaction, index), block);
  }

  async #judge(transaction: ValidatedTransaction, name: string, block: BlockContext): Promise<void> {
    const find: Finder = (finding) => this.#find({ ...finding, block: block.number, transaction: name });
    const changes = (transaction.rwSet ?? [])
      .filter(({ namespace }) => namespace === this.#namespace)
      .flatMap((entry) => this.#changes(entry, find));
    const invocation = invocationOf(transaction);
    if (changes.length === 0 && invocation?.chaincode !== this.#namespace) return;
    const act = actOf(transaction, invocation, new Changes(changes), block);
    if (changes.length > 0) this.#acts.set(act.asked.name, (this.#acts.get(act.asked.name) ?? 0) + 1);
    const judge = new Judge(act, this.state, (check, message) => find({ check, message }));
    for (const change of act.changes.all()) judgeChange(judge, change);
    await judgePerformed(judge);
    for (const change of changes) this.state.set(change, change.after);
  }

  /** The keys that a transaction changes, decoded. */
  #changes({ set, collections }: NamespaceRwSet, find: Finder): Change[] {
    if (collections.some((collection) => collection.set.getHashedWritesList().length > 0))
      find({ check: 'record', message: 'writes private data, which the cooperative has none of' });
    const policies = new Map(
      set.getMetadataWritesList().map((write) => [write.getKey(), policyOf(write, find)]),
    );
    const written = new Map(set.getWritesList().map((write) => [write.getKey(), write]));
    return [...new Set([...written.keys(), ...policies.keys()])].flatMap((key) => {
      const name = { type: rules.typeOf(key), parts: rules.partsOf(key) };
      if (!isRecordType(name.type)) {
        this.#unknownTypes.add(name.type);
        return [];
      }
      const before = this.state.get(name);
      const write = written.get(key);
      const policy = policies.get(key);
      const change = { ...name, before, isWritten: write !== undefined, ...(policy && { policy }) };
      try {
        if (rules.compositeKey(name) !== key) throw new Error('no composite key');
        if (!write) return [{ ...change, after: before }];
        const bytes = write.getValue_asU8();
        const gone = write.getIsDelete() || bytes.length === 0;
        return [{ ...change, after: gone ? undefined : decodeRecord(name.type, name.parts, bytes) }];
      } catch (error) {
        find({ check: 'record', message: `${nameOf(name)} is no record: ${reasonOf(error)}` });
        return [];
      }
    });
  }
}

function policyOf(write: ledger.rwset.kvrwset.KVMetadataWrite, find: Finder): Uint8Array | undefined {
  const entries = write.getEntriesList();
  const [entry] = entries;
  if (entries.length === 1 && entry?.getName() === VALIDATION_PARAMETER) return entry.getValue_asU8();
  find({ check: 'record', message: 'writes metadata that is no endorsement policy' });
  return undefined;
}

function actOf(
  { id, opened }: ValidatedTransaction,
  invocation: Invocation | undefined,
  changes: Changes,
  block: BlockContext,
): Act {
  if (!opened || !invocation) throw new Error('a valid transaction without content');
  const creator = block.config.identity(opened.signatureHeader.getCreator_asU8());
  const { asked, event } = invocation;
  return {
    transactionId: id,
    at: (opened.channelHeader.getTimestamp()?.toDate() ?? new Date(0)).toISOString(),
    caller: callerOf(creator),
    asked,
    organizations: block.organizations,
    changes,
    ...(event && { event }),
  };
}
