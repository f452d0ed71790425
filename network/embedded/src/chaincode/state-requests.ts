/** The peer's answers to what chaincode asks of the ledger (Fabric: the Handle… functions of chaincode.Handler). */
import { ledger, peer } from '@hyperledger/fabric-protos';
import type { Simulator } from '../ledger/simulator.js';
import type { ResultsIterator } from '../ledger/view.js';
import { closedQuery, nextBatch, openQuery } from './queries.js';
import type { OpenQuery } from './queries.js';
import type { TransactionContext } from './transaction-context.js';

const { Type } = peer.ChaincodeMessage;

export type MessageType = peer.ChaincodeMessage.TypeMap[keyof peer.ChaincodeMessage.TypeMap];

type Request = (payload: Uint8Array, context: TransactionContext, simulator: Simulator) => Answer;
type Answer = Uint8Array | Promise<Uint8Array>;

const nothing = new Uint8Array();

/** A feature of real peers that this one lacks: named, never approximated. */
const unsupported = (feature: string): never => {
  throw new Error(`UNIMPLEMENTED: ${feature} is not supported by the embedded network`);
};

function publicOnly(collection: string): void {
  if (collection !== '') unsupported('private data');
}

/** By the type of the request; what isn't here ends the stream, as on a real peer. */
export const stateRequests: ReadonlyMap<MessageType, Request> = new Map<MessageType, Request>([
  [Type.GET_STATE, getState],
  [Type.PUT_STATE, putState],
  [Type.DEL_STATE, deleteState],
  [Type.GET_STATE_METADATA, getMetadata],
  [Type.PUT_STATE_METADATA, putMetadata],
  [Type.GET_STATE_BY_RANGE, getRange],
  [Type.GET_HISTORY_FOR_KEY, getHistory],
  [Type.QUERY_STATE_NEXT, nextResults],
  [Type.QUERY_STATE_CLOSE, closeQuery],
  [Type.GET_QUERY_RESULT, richQuery],
  [Type.GET_PRIVATE_DATA_HASH, () => unsupported('private data')],
  [Type.PURGE_PRIVATE_DATA, () => unsupported('private data')],
]);

function getState(payload: Uint8Array, { namespace }: TransactionContext, simulator: Simulator): Uint8Array {
  const request = peer.GetState.deserializeBinary(payload);
  publicOnly(request.getCollection());
  return simulator.get(namespace, request.getKey()) ?? nothing;
}

function putState(payload: Uint8Array, { namespace }: TransactionContext, simulator: Simulator): Uint8Array {
  const request = peer.PutState.deserializeBinary(payload);
  publicOnly(request.getCollection());
  simulator.put(namespace, request.getKey(), request.getValue_asU8());
  return nothing;
}

function deleteState(
  payload: Uint8Array,
  { namespace }: TransactionContext,
  simulator: Simulator,
): Uint8Array {
  const request = peer.DelState.deserializeBinary(payload);
  publicOnly(request.getCollection());
  simulator.put(namespace, request.getKey(), nothing);
  return nothing;
}

function getMetadata(
  payload: Uint8Array,
  { namespace }: TransactionContext,
  simulator: Simulator,
): Uint8Array {
  const request = peer.GetStateMetadata.deserializeBinary(payload);
  publicOnly(request.getCollection());
  const result = new peer.StateMetadataResult();
  for (const [name, value] of simulator.getMetadata(namespace, request.getKey())) {
    const entry = new peer.StateMetadata();
    entry.setMetakey(name);
    entry.setValue(value);
    result.addEntries(entry);
  }
  return result.serializeBinary();
}

function putMetadata(
  payload: Uint8Array,
  { namespace }: TransactionContext,
  simulator: Simulator,
): Uint8Array {
  const request = peer.PutStateMetadata.deserializeBinary(payload);
  publicOnly(request.getCollection());
  const metadata = request.getMetadata();
  const entries = new Map([[metadata?.getMetakey() ?? '', metadata?.getValue_asU8() ?? nothing]]);
  simulator.putMetadata(namespace, request.getKey(), entries);
  return nothing;
}

function getRange(
  payload: Uint8Array,
  context: TransactionContext,
  simulator: Simulator,
): Promise<Uint8Array> {
  const request = peer.GetStateByRange.deserializeBinary(payload);
  publicOnly(request.getCollection());
  const { namespace } = context;
  const metadata = peer.QueryMetadata.deserializeBinary(request.getMetadata_asU8());
  const size = metadata.getPagesize();
  const bookmark = metadata.getBookmark();
  const serialise = (entry: { key: string; value: Uint8Array }): Uint8Array => {
    const result = new ledger.queryresult.KV();
    result.setNamespace(namespace);
    result.setKey(entry.key);
    result.setValue(entry.value);
    return result.serializeBinary();
  };
  if (size === 0 && bookmark === '') {
    const iterator = simulator.range(namespace, request.getStartkey(), request.getEndkey());
    return start(openQuery(map(iterator, serialise)), context);
  }
  const from = bookmark === '' ? request.getStartkey() : bookmark;
  const iterator = simulator.page(namespace, from, request.getEndkey(), size);
  return start(openQuery(map(iterator, serialise), { size, bookmark: () => iterator.bookmark() }), context);
}

function getHistory(
  payload: Uint8Array,
  context: TransactionContext,
  simulator: Simulator,
): Promise<Uint8Array> {
  const request = peer.GetHistoryForKey.deserializeBinary(payload);
  const iterator = simulator.history(context.namespace, request.getKey());
  return start(openQuery(map(iterator, (entry) => entry.serializeBinary())), context);
}

function start(query: OpenQuery, context: TransactionContext): Promise<Uint8Array> {
  const id = context.newQueryId();
  context.queries.set(id, query);
  return nextBatch(id, query, context);
}

function nextResults(payload: Uint8Array, context: TransactionContext): Promise<Uint8Array> {
  const id = peer.QueryStateNext.deserializeBinary(payload).getId();
  const query = context.queries.get(id);
  if (query === undefined) throw new Error('query iterator not found');
  return nextBatch(id, query, context);
}

async function closeQuery(payload: Uint8Array, context: TransactionContext): Promise<Uint8Array> {
  const id = peer.QueryStateClose.deserializeBinary(payload).getId();
  const query = context.queries.get(id);
  context.queries.delete(id);
  await query?.iterator.close();
  return closedQuery(id);
}

/** A peer whose state lies in LevelDB has no rich queries either. */
function richQuery(payload: Uint8Array): never {
  const request = peer.GetQueryResult.deserializeBinary(payload);
  publicOnly(request.getCollection());
  const metadata = peer.QueryMetadata.deserializeBinary(request.getMetadata_asU8());
  const paginated = metadata.getPagesize() !== 0 || metadata.getBookmark() !== '';
  throw new Error(`${paginated ? 'ExecuteQueryWithMetadata' : 'ExecuteQuery'} not supported for leveldb`);
}

function map<T>(
  iterator: ResultsIterator<T>,
  convert: (entry: T) => Uint8Array,
): ResultsIterator<Uint8Array> {
  return {
    next: async () => {
      const entry = await iterator.next();
      return entry === undefined ? undefined : convert(entry);
    },
    close: () => iterator.close(),
  };
}
