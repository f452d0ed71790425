/** A Fabric that answers what a test tells it to: for the rules of retry, doubt and rotation. */
import { status as GrpcStatus } from '@grpc/grpc-js';
import type { Time } from '../fabric/budget.js';
import type { Call, CommitStatus, FabricClient, Proposed, SeenBlock, Stream } from '../fabric/client.js';
import type { DiscoveredNodes, DiscoveredPeer } from '../fabric/discovery.js';
import type { FailureDetail } from '../fabric/failure.js';
import type { LedgerTransaction } from '../fabric/transactions.js';

/** An error as the client library throws it. */
export function grpcError(
  code: GrpcStatus,
  message: string,
  details: readonly (readonly [mspId: string, message: string])[] = [],
): Error {
  return Object.assign(new Error(message), {
    code,
    details: details.map(([mspId, text]): FailureDetail => ({
      mspId,
      address: `${mspId}:7051`,
      message: text,
    })),
  });
}

/** A peer's words for an error of the contract. */
export const refusal = (code: string, data: object = {}): string =>
  `chaincode response 500, ${JSON.stringify({ code, data })}`;

/** An endorsement that some organizations' peers failed. */
export const endorseError = (details: readonly (readonly [mspId: string, message: string])[]): Error =>
  grpcError(
    GrpcStatus.ABORTED,
    '10 ABORTED: failed to collect enough transaction endorsements, see attached details for more info',
    details,
  );

/** A clock that only pauses move. */
export class FakeTime implements Time {
  #now = 1_000_000;
  now(): number {
    return this.#now;
  }
  pause(milliseconds: number): Promise<void> {
    this.#now += milliseconds;
    return Promise.resolve();
  }
  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }
  random(): number {
    return 1;
  }
}

/** A stream that a test feeds. */
class FakeStream<T> implements Stream<T> {
  readonly #items: T[] = [];
  #wake: (() => void) | undefined;
  #ended = false;

  push(item: T): void {
    this.#items.push(item);
    this.#wake?.();
  }

  close(): void {
    this.#ended = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      const item = this.#items.shift();
      if (item !== undefined) yield item;
      else if (this.#ended) throw grpcError(GrpcStatus.CANCELLED, '1 CANCELLED: cancelled on client');
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

const unexpected = (what: string) => () => Promise.reject(new Error(`unexpected ${what}`));

/** {@link FabricClient} whose answers are properties. */
export class FakeFabric implements FabricClient {
  readonly mspId = 'OwnMSP';
  /** Names given with each proposal. */
  readonly named: (readonly string[] | undefined)[] = [];
  /** Ids that reached the orderers. */
  readonly submitted: string[] = [];
  /** What endorsers answered, by attempt. */
  readonly #results = new Map<number, Uint8Array>();
  readonly blockStreams: { readonly startBlock: bigint; readonly stream: FakeStream<SeenBlock> }[] = [];

  onEvaluate: (call: Call, mspId: string | undefined) => Promise<Uint8Array> = unexpected('evaluate');
  /** @param attempt Counts the proposals from 1. */
  onEndorse: (attempt: number, named: readonly string[] | undefined) => Promise<unknown> = () =>
    Promise.resolve({ done: true });
  onSubmit: (attempt: number) => Promise<void> = () => Promise.resolve();
  onCommitStatus: (attempt: number, polling: boolean) => Promise<CommitStatus> = () =>
    Promise.resolve({ validationCode: 0, blockNumber: 7n });

  onNodes: () => Promise<DiscoveredNodes> = unexpected('nodes');

  evaluate(call: Call, options: { mspId?: string } = {}): Promise<Uint8Array> {
    return this.onEvaluate(call, options.mspId);
  }

  propose(_call: Call, named?: readonly string[]): Proposed {
    this.named.push(named);
    const attempt = this.named.length;
    const transactionId = `tx${attempt}`;
    return {
      transactionId,
      proposalHash: `proposal${attempt}`,
      endorse: async () => {
        this.#results.set(attempt, Buffer.from(JSON.stringify(await this.onEndorse(attempt, named))));
        return {
          submit: async () => {
            this.submitted.push(transactionId);
            await this.onSubmit(attempt);
          },
        };
      },
    };
  }

  /** A transaction that was submitted, as the ledger has it. */
  inLedger(attempt: number, { validationCode, blockNumber }: CommitStatus): LedgerTransaction {
    const result = this.#results.get(attempt) ?? new Uint8Array();
    return {
      transactionId: `tx${attempt}`,
      validationCode,
      blockNumber,
      timestampMs: 0,
      content: () => ({ proposalHash: `proposal${attempt}`, result, written: () => [] }),
    };
  }

  commitStatus(transactionId: string, _role: unknown, deadlineMs?: number): Promise<CommitStatus> {
    return this.onCommitStatus(Number(transactionId.slice(2)), deadlineMs !== undefined);
  }

  blocks(startBlock: bigint): Promise<Stream<SeenBlock>> {
    const stream = new FakeStream<SeenBlock>();
    this.blockStreams.push({ startBlock, stream });
    return Promise.resolve(stream);
  }

  async peers(): Promise<readonly DiscoveredPeer[]> {
    return (await this.onNodes()).peers;
  }

  nodes(): Promise<DiscoveredNodes> {
    return this.onNodes();
  }

  close(): void {
    for (const { stream } of this.blockStreams) stream.close();
  }
}
