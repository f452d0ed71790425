import type { Context } from 'fabric-contract-api';
import { canonicalJson } from '../domain/canonical';
import { compositeKey, liesInside, partsOf, rangeOf } from '../domain/composite-key';
import type { Change, Entry, Key, Ledger, LedgerPage, Ownership, Prefix } from '../domain/ledger';
import { invalidBookmark } from '../domain/paging';
import { instant } from '../domain/time';
import { signaturePolicy } from './policy';

type Stub = Context['stub'];

const decode = (value: Uint8Array): unknown => JSON.parse(Buffer.from(value).toString('utf8'));

/** The ledger over Fabric's chaincode stub. */
export class StubLedger implements Ledger {
  constructor(private readonly stub: Stub) {}

  async get<T>(key: Key<T>): Promise<T | undefined> {
    const value = await this.stub.getState(compositeKey(key));
    return value.length === 0 ? undefined : (decode(value) as T);
  }

  put<T>(key: Key<T>, value: T): Promise<void> {
    return this.stub.putState(compositeKey(key), Buffer.from(canonicalJson(value), 'utf8'));
  }

  delete(key: Key<unknown>): Promise<void> {
    return this.stub.deleteState(compositeKey(key));
  }

  own(key: Key<unknown>, ownership: Ownership): Promise<void> {
    return this.stub.setStateValidationParameter(compositeKey(key), signaturePolicy(ownership));
  }

  async range<T>({ type, parts }: Prefix<T>): Promise<Entry<T>[]> {
    const entries: Entry<T>[] = [];
    for await (const { key, value } of this.stub.getStateByPartialCompositeKey(type, [...parts]))
      entries.push({ parts: partsOf(key), value: decode(value) as T });
    return entries;
  }

  async page<T>(prefix: Prefix<T>, limit: number, from?: string): Promise<LedgerPage<T>> {
    if (from !== undefined && !liesInside(prefix, from)) throw invalidBookmark();
    const { start } = rangeOf(prefix);
    const { iterator, metadata } = await this.stub.getStateByPartialCompositeKeyWithPagination(
      prefix.type,
      [...prefix.parts],
      limit,
      from ?? start,
    );
    const entries: LedgerPage<T>['entries'][number][] = [];
    try {
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
        const { key, value } = next.value;
        entries.push({ parts: partsOf(key), value: decode(value) as T, position: key });
      }
    } finally {
      await iterator.close();
    }
    // An empty page has no metadata: its protobuf has no bytes, which the shim takes for absence.
    const next = (metadata as typeof metadata | undefined)?.bookmark ?? '';
    return next === '' ? { entries } : { entries, next };
  }

  async history<T>(key: Key<T>): Promise<Change<T>[]> {
    const changes: Change<T>[] = [];
    for await (const { txId, timestamp, isDelete, value } of this.stub.getHistoryForKey(compositeKey(key)))
      changes.push({
        transactionId: txId,
        at: instant(Number(timestamp.seconds) * 1000 + Math.floor(timestamp.nanos / 1e6)),
        ...(!isDelete && { value: decode(value) as T }),
      });
    // Fabric answers the newest first.
    return changes.reverse();
  }
}
