/** Results of range and history queries, handed to the chaincode in batches (Fabric: QueryResponseGenerator). */
import { peer } from '@hyperledger/fabric-protos';
import type { ResultsIterator } from '../ledger/view.js';
import type { TransactionContext } from './transaction-context.js';

/** How many results a message carries. */
const BATCH = 100;
/** `ledger.state.totalQueryLimit` of Fabric's sample configuration: what a query returns at most. */
const TOTAL_QUERY_LIMIT = 100_000;

/** Results as serialised messages. */
export interface OpenQuery {
  readonly iterator: ResultsIterator<Uint8Array>;
  /** For a page: where the next one begins. */
  readonly bookmark?: () => Promise<string>;
  readonly limit: number;
  pending: Uint8Array[];
  returned: number;
}

export const openQuery = (
  iterator: ResultsIterator<Uint8Array>,
  page?: { size: number; bookmark: () => Promise<string> },
): OpenQuery => ({
  iterator,
  limit: page === undefined || page.size <= 0 ? TOTAL_QUERY_LIMIT : Math.min(page.size, TOTAL_QUERY_LIMIT),
  pending: [],
  returned: 0,
  ...(page === undefined ? {} : { bookmark: page.bookmark }),
});

/** The next batch; the query is closed with its last one. */
export async function nextBatch(
  id: string,
  query: OpenQuery,
  context: TransactionContext,
): Promise<Uint8Array> {
  while (query.returned < query.limit) {
    const result = await query.iterator.next();
    if (result === undefined) break;
    query.returned += 1;
    if (query.bookmark === undefined && query.pending.length === BATCH) {
      const batch = query.pending;
      query.pending = [result];
      return response(id, batch, true);
    }
    query.pending.push(result);
  }
  context.queries.delete(id);
  if (query.bookmark === undefined) {
    await query.iterator.close();
    return response(id, query.pending, false);
  }
  const metadata = new peer.QueryResponseMetadata();
  metadata.setFetchedRecordsCount(query.returned);
  metadata.setBookmark(await query.bookmark());
  return response(id, query.pending, false, metadata.serializeBinary());
}

function response(id: string, results: Uint8Array[], hasMore: boolean, metadata?: Uint8Array): Uint8Array {
  const message = new peer.QueryResponse();
  message.setId(id);
  message.setHasMore(hasMore);
  message.setResultsList(
    results.map((bytes) => {
      const result = new peer.QueryResultBytes();
      result.setResultbytes(bytes);
      return result;
    }),
  );
  if (metadata !== undefined) message.setMetadata(metadata);
  return message.serializeBinary();
}

export const closedQuery = (id: string): Uint8Array => response(id, [], false);
