import { common, peer } from '@hyperledger/fabric-protos';
import type { ClientDuplexStream } from '@grpc/grpc-js';
import type { Signer } from 'umlauf-channel';
import { DeadlineError } from '../wait.js';
import { CONNECTION_OPTIONS, tlsCredentials, type NodeAddress } from './connection.js';
import { seekEnvelope } from './seek.js';

/** A transaction's fate, as a peer validated it. */
export interface Committed {
  readonly blockNumber: number;
  readonly code: peer.TxValidationCodeMap[keyof peer.TxValidationCodeMap];
}

/** A transaction is in a block, but invalid. */
export class InvalidTransactionError extends Error {
  override readonly name = 'InvalidTransactionError';
}

const RECONNECT_MS = 250;
const COMMIT_TIMEOUT_MS = 30_000;

interface Waiter<T> {
  readonly met: (block: peer.FilteredBlock) => T | undefined;
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
  /** Told of each block that isn't it. */
  readonly progress: () => void;
}

/**
 * Follows the blocks of a channel at one peer (`protos.Deliver.DeliverFiltered`), across restarts of the peer, without
 * missing one.
 */
export class BlockFollower {
  private readonly client: peer.DeliverClient;
  private readonly listeners = new Set<(height: number) => void>();
  private readonly waiters = new Set<Waiter<unknown>>();
  private stream: ClientDuplexStream<common.Envelope, peer.DeliverResponse> | undefined;
  private retry: NodeJS.Timeout | undefined;
  private closed = false;

  /** @param next number of the first block to follow */
  constructor(
    address: NodeAddress,
    private readonly channel: string,
    private readonly signer: Signer,
    private next: number,
  ) {
    this.client = new peer.DeliverClient(address.endpoint, tlsCredentials(address), CONNECTION_OPTIONS);
    this.open();
  }

  /** How many blocks are known to be there. */
  get height(): number {
    return this.next;
  }

  /** Calls back after each block with the number of blocks that are there. */
  onBlock(listener: (height: number) => void): void {
    this.listeners.add(listener);
  }

  /**
   * What becomes of a transaction; ask before it is sent, so that it can't be missed.
   * @throws DeadlineError if it is in no block in time; InvalidTransactionError
   */
  async commit(transactionId: string): Promise<Committed> {
    const committed = await this.wait(`transaction ${transactionId} in a block`, (block) => {
      const found = block.getFilteredTransactionsList().find((each) => each.getTxid() === transactionId);
      return found && { blockNumber: block.getNumber(), code: found.getTxValidationCode() };
    });
    if (committed.code !== peer.TxValidationCode.VALID)
      throw new InvalidTransactionError(
        `transaction ${transactionId} is invalid (code ${committed.code}) in block ${committed.blockNumber}`,
      );
    return committed;
  }

  /** The number of the next block that changes the channel's configuration. */
  async nextConfiguration(): Promise<number> {
    return this.wait('a block with the new configuration', (block) =>
      block.getFilteredTransactionsList().some((each) => each.getType() === common.HeaderType.CONFIG)
        ? block.getNumber()
        : undefined,
    );
  }

  /**
   * Resolves as soon as the peer has this block, however many are still to come.
   * @throws DeadlineError if none comes for too long
   */
  async reached(blockNumber: number): Promise<void> {
    if (this.next > blockNumber) return;
    await this.wait(
      `block ${blockNumber}`,
      (block) => (block.getNumber() >= blockNumber ? true : undefined),
      (timer) => timer.refresh(),
    );
  }

  /** Ends it; whoever still waits is told so. */
  close(): void {
    this.closed = true;
    for (const waiter of [...this.waiters])
      waiter.reject(new Error(`${this.channel} is not followed any more`));
    clearTimeout(this.retry);
    this.stream?.cancel();
    this.client.close();
  }

  private wait<T>(
    what: string,
    met: (block: peer.FilteredBlock) => T | undefined,
    progress: (timer: NodeJS.Timeout) => void = () => undefined,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        this.waiters.delete(waiter as Waiter<unknown>);
      };
      const giveUp = (error: Error) => {
        end();
        reject(error);
      };
      const timer = setTimeout(
        () => giveUp(new DeadlineError(`waited in vain for ${what} (${COMMIT_TIMEOUT_MS / 1000} s)`)),
        COMMIT_TIMEOUT_MS,
      );
      const waiter: Waiter<T> = {
        met,
        resolve: (value) => {
          end();
          resolve(value);
        },
        reject: giveUp,
        progress: () => progress(timer),
      };
      this.waiters.add(waiter as Waiter<unknown>);
    });
  }

  private open(): void {
    const stream = this.client.deliverFiltered();
    this.stream = stream;
    stream.on('data', (response: peer.DeliverResponse) => {
      const block = response.getFilteredBlock();
      if (block) this.take(block);
      else stream.cancel(); // a status: the peer ends the stream, say because it has not joined yet
    });
    stream.once('error', () => undefined); // the status tells the same, and comes in any case
    stream.once('status', () => {
      if (this.closed || this.stream !== stream) return;
      this.retry = setTimeout(() => this.open(), RECONNECT_MS);
    });
    stream.write(seekEnvelope(this.channel, this.signer, { from: this.next, to: Number.MAX_SAFE_INTEGER }));
  }

  private take(block: peer.FilteredBlock): void {
    this.next = block.getNumber() + 1;
    for (const waiter of [...this.waiters]) {
      const value = waiter.met(block);
      if (value === undefined) waiter.progress();
      else waiter.resolve(value);
    }
    for (const listener of this.listeners) listener(this.next);
  }
}
