/**
 * A typed client of one member's gateway, for Node and browsers.
 *
 * ```ts
 * const client = createClient({ url: 'https://gateway.itdz.example', token });
 * const { body } = await client.resolutions.vote({ id: 'admission-bavaria', choice: 'yes' });
 * ```
 */
import { readEvents, type EventOptions } from './events.js';
import { OPERATIONS } from './operations.js';
import { operation, requestOf } from './request.js';
import { Rest, type Answer, type ClientOptions } from './rest.js';
import { signedAct, type ActSigner } from './signed-act.js';
import { Problem } from './problem.js';
import type {
  ActId,
  EventsInput,
  Input,
  LedgerEvent,
  OperationId,
  Output,
  TransactionView,
} from './shapes.js';

/** How an operation is asked for. */
export interface CallOptions {
  /** Wait until the gateway's peer has this block. */
  readonly minBlock?: string;
  /** By which a write is the same when it is sent again. Default: a new one for each call. */
  readonly idempotencyKey?: string;
}

/** The operations whose ids begin with a word, by the rest of their ids. */
type Group<G extends string> = {
  readonly [Id in OperationId as Id extends `${G}-${infer Name}` ? Name : never]: Method<Id>;
};
type Method<Id extends OperationId> = Id extends 'events-read'
  ? (input?: EventsInput, options?: EventOptions) => AsyncGenerator<LedgerEvent>
  : Asking<Id>;
type Asking<Id extends OperationId> =
  Partial<Input<Id>> extends Input<Id>
    ? (input?: Input<Id>, options?: CallOptions) => Promise<Answer<Output<Id>>>
    : (input: Input<Id>, options?: CallOptions) => Promise<Answer<Output<Id>>>;
type GroupName = OperationId extends infer Id ? (Id extends `${infer G}-${string}` ? G : never) : never;

/** The gateway's operations in groups, and what is more than one request. */
export type Client = { readonly [G in GroupName]: Group<G> } & {
  /** Any operation by its id. */
  call<Id extends Exclude<OperationId, 'events-read'>>(
    id: Id,
    input: Input<Id>,
    options?: CallOptions,
  ): Promise<Answer<Output<Id>>>;
  /**
   * Has a write accepted rather than waited for.
   * @returns the id of its transaction, for {@link Client.settled}.
   */
  accept<Id extends ActId>(id: Id, input: Input<Id>, options?: CallOptions): Promise<string>;
  /**
   * Waits until it is known what became of a transaction.
   * @param withinMs Default: 60,000.
   * @throws {Problem} `outcome-unknown` if it isn't known by then.
   */
  settled(transactionId: string, withinMs?: number): Promise<TransactionView>;
  /** Has an act written that is signed here, with a key that the gateway never sees: see {@link signedAct}. */
  signed<Id extends ActId>(id: Id, input: Input<Id>, signer: ActSigner): Promise<Answer<Output<Id>>>;
};

const POLL_MS = 500;

/** Makes a client. */
export function createClient(options: ClientOptions): Client {
  const rest = new Rest(options);

  const call = <Id extends OperationId>(
    id: Id,
    input: Input<Id>,
    { minBlock, idempotencyKey }: CallOptions = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer<Output<Id>>> => {
    const { method, transaction } = operation(id);
    // The gateway's own operations are the same when they are sent again.
    const keyed = method !== 'get' && transaction !== undefined;
    return rest.send(requestOf(id, { ...input }), {
      ...headers,
      ...(minBlock === undefined ? {} : { 'min-block': minBlock }),
      ...(keyed ? { 'idempotency-key': `"${idempotencyKey ?? crypto.randomUUID()}"` } : {}),
    });
  };

  const settled = async (id: string, withinMs = 60_000): Promise<TransactionView> => {
    const until = Date.now() + withinMs;
    for (;;) {
      const { body } = await call('transactions-get', { id });
      if (body.status !== 'pending') return body;
      if (Date.now() + POLL_MS > until)
        throw new Problem({
          type: 'urn:umlauf:problem:outcome-unknown',
          title: 'It is not known whether the transaction was committed',
          status: 504,
          transactionId: id,
        });
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  };

  const groups: Record<string, Record<string, unknown>> = {};
  for (const id of Object.keys(OPERATIONS) as OperationId[]) {
    const [group = '', name = ''] = id.split('-');
    (groups[group] ??= {})[name] = (input: Input<OperationId> = {}, asked?: CallOptions) =>
      call(id, input, asked);
  }
  groups['events'] = {
    read: (input: EventsInput = {}, asked?: EventOptions) => readEvents(rest.open, input, asked),
  };
  return {
    ...groups,
    call: (id, input, asked) => call(id, input, asked),
    async accept(id, input, asked) {
      const { transactionId } = await call(id, input, asked, { prefer: 'respond-async' });
      if (transactionId === undefined) throw new Error('an accepted write has a transaction');
      return transactionId;
    },
    settled,
    signed: (id, input, signer) => signedAct(call, id, input, signer),
  } as Client;
}
