/**
 * Resources that one member holds at a time.
 *
 * Two keys: the holding, under the channel's policy, says whose it is and what was decided over it; the record is the
 * holder's own, which only its peer and enough others can write. A successor begins a record of its own with what its
 * predecessor had declared: nobody needs the signature of a member that has left.
 */
import type { Bylaws } from '../bylaws';
import { type Call, recorded } from '../call';
import { type Endorsement, endorsementOf, putOwned } from '../endorsement';
import { DomainError } from '../errors';
import { type HistoryStep, historyOf, mergeHistories } from '../history';
import { reindex } from '../indexing';
import { held, holding as holdingKey } from '../keys';
import type { Entry, Key } from '../ledger';
import { type Cooperative, type Subject, enterFor } from '../register/cooperative';
import { getMember } from '../register/register';
import type { ActName } from '../acts';
import { type HeldResource, type Holder, type Holding, holderOf } from './holding';

/** What every record of a holder has. */
export interface HeldRecord {
  readonly id: string;
  /** Of the canonical JSON that it was declared with at first. */
  readonly contentSha256: string;
  readonly endorsement: Endorsement;
}

/** A resource as it stands: its holder's record and what lies over it. */
export interface Held<R extends HeldRecord> {
  readonly record: R;
  readonly holding: Holding;
}

/** A kind of resource: how it is called and found. */
export interface HeldKind<R extends HeldRecord = HeldRecord> {
  readonly resource: HeldResource;
  /** One index entry for each combination of its filters. */
  readonly facets: (held: Held<R>) => readonly (string | undefined)[][];
  /** Its place in lists, which never changes. */
  readonly sort: (record: R) => readonly string[];
}

/** Each holder's record is a key of its own, also of one that holds it again. */
const recordKey = <R extends HeldRecord>(
  { resource }: HeldKind<R>,
  id: string,
  { holders }: Holding,
): Key<R> => held<R>(resource, id, holders.length - 1);

export async function findHeld<R extends HeldRecord>(
  call: Call,
  kind: HeldKind<R>,
  id: string,
): Promise<Held<R> | undefined> {
  const holding = await call.ledger.get(holdingKey(kind.resource, id));
  if (!holding) return undefined;
  const record = await call.ledger.get(recordKey(kind, id, holding));
  if (!record) throw new Error(`a ${kind.resource} without its holder's record`);
  return { holding, record };
}

/** The resource that an index entry names last. */
export async function heldOfEntry<R extends HeldRecord>(
  call: Call,
  kind: HeldKind<R>,
  { parts }: Pick<Entry<unknown>, 'parts'>,
): Promise<Held<R>> {
  const found = await findHeld(call, kind, parts.at(-1) ?? '');
  if (!found) throw new Error(`an index entry names no ${kind.resource}`);
  return found;
}

/**
 * Enters for an act on a resource: its holder's, unless the subject says otherwise.
 *
 * @throws {DomainError} `not-found` and what entering refuses
 */
export function enterForHeld<R extends HeldRecord>(
  call: Call,
  act: ActName,
  kind: HeldKind<R>,
  id: string,
  subjectOf: (held: Held<R>) => Subject = ({ holding }) => ({ memberId: holderOf(holding).memberId }),
): Promise<Cooperative & { found: Held<R> }> {
  return enterFor(call, act, kind.resource, () => findHeld(call, kind, id), subjectOf);
}

/** Puts a new resource on the ledger, held by the member. */
export async function createHeld<R extends HeldRecord>(
  call: Call,
  bylaws: Bylaws,
  kind: HeldKind<R>,
  memberId: string,
  content: Omit<R, 'endorsement'>,
): Promise<Held<R>> {
  const holding: Holding = { holders: [{ memberId, recorded: recorded(call) }] };
  await call.ledger.put(holdingKey(kind.resource, content.id), holding);
  const record = await beginRecord(call, bylaws, kind, holding, content);
  const created = { record, holding };
  await reindexHeld(call, kind, undefined, created);
  return created;
}

/** The holder changes its record. */
export async function putRecord<R extends HeldRecord>(
  call: Call,
  kind: HeldKind<R>,
  before: Held<R>,
  record: R,
): Promise<Held<R>> {
  const { holding } = before;
  await call.ledger.put(recordKey(kind, record.id, holding), record);
  const after = { record, holding };
  await reindexHeld(call, kind, before, after);
  return after;
}

/** Something is decided over it. */
export async function putHolding<R extends HeldRecord>(
  call: Call,
  kind: HeldKind<R>,
  before: Held<R>,
  decided: Partial<Omit<Holding, 'holders'>>,
): Promise<Held<R>> {
  const after = { record: before.record, holding: { ...before.holding, ...decided } };
  await call.ledger.put(holdingKey(kind.resource, before.record.id), after.holding);
  await reindexHeld(call, kind, before, after);
  return after;
}

/** Another member holds it from now on, and goes on from what its predecessor declared. */
export async function handOver<R extends HeldRecord>(
  call: Call,
  bylaws: Bylaws,
  kind: HeldKind<R>,
  before: Held<R>,
  successor: Holder,
): Promise<Held<R>> {
  const { id } = before.record;
  const holding: Holding = { ...before.holding, holders: [...before.holding.holders, successor] };
  await call.ledger.put(holdingKey(kind.resource, id), holding);
  const record = await beginRecord(call, bylaws, kind, holding, before.record);
  const after = { record, holding };
  await reindexHeld(call, kind, before, after);
  return after;
}

async function beginRecord<R extends HeldRecord>(
  call: Call,
  bylaws: Bylaws,
  kind: HeldKind<R>,
  holding: Holding,
  content: Omit<R, 'endorsement'>,
): Promise<R> {
  const { mspId } = await getMember(call, holderOf(holding).memberId);
  const record = { ...content, endorsement: await endorsementOf(call, bylaws, mspId) } as R;
  await putOwned(call, recordKey(kind, record.id, holding), record);
  return record;
}

const reindexHeld = <R extends HeldRecord>(
  call: Call,
  { resource, facets, sort }: HeldKind<R>,
  before: Held<R> | undefined,
  after: Held<R>,
): Promise<void> =>
  reindex(call.ledger, resource, sort(after.record), before && facets(before), facets(after));

/** What was recorded of a resource by whom, in order of time. */
export async function heldHistory<R extends HeldRecord>(
  call: Call,
  { resource }: HeldKind<R>,
  { record: { id }, holding }: Held<R>,
): Promise<HistoryStep[]> {
  return mergeHistories(
    await Promise.all([
      historyOf(call, 'holding', holdingKey(resource, id)),
      ...holding.holders.map((_, tenure) => historyOf(call, resource, held(resource, id, tenure))),
    ]),
  );
}

/**
 * Refuses an id that is taken.
 *
 * @throws {DomainError} `unchanged` where the same content was declared under it, else `id-conflict`
 */
export async function requireNewId<R extends HeldRecord>(
  call: Call,
  kind: HeldKind<R>,
  { id, contentSha256 }: Pick<HeldRecord, 'id' | 'contentSha256'>,
): Promise<void> {
  const found = await findHeld(call, kind, id);
  if (!found) return;
  const code = found.record.contentSha256 === contentSha256 ? 'unchanged' : 'id-conflict';
  throw new DomainError(code, { resource: kind.resource });
}

/**
 * Requires that what is referred to is on the ledger. Reads what hardly ever changes there, never a holder's record.
 *
 * @throws {DomainError} `reference-unknown`
 */
export async function requireKnown(
  call: Call,
  field: string,
  resource: HeldResource,
  ids: readonly string[],
): Promise<void> {
  for (const id of ids)
    if (!(await call.ledger.get(holdingKey(resource, id))))
      throw new DomainError('reference-unknown', { field, resource });
}
