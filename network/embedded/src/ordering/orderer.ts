/**
 * The ordering service of the channel: takes messages, puts them into blocks, has the consenters sign each block. The
 * consenters of a real network agree on the next block by messages; here they are in one process and sign what it
 * holds, a quorum of them as the channel's BlockValidation policy asks.
 */
import { common } from '@hyperledger/fabric-protos';
import {
  bftQuorum,
  blockHeaderHash,
  configEnvelope,
  newBlock,
  signBlock,
  transactionId,
} from 'umlauf-channel';
import type { BlockSigner, ChannelConfig } from 'umlauf-channel';
import { headerTypeName, Status } from '../protocol/codes.js';
import { openEnvelope } from '../protocol/envelope.js';
import type { OpenedEnvelope } from '../protocol/envelope.js';
import { reasonOf } from '../system/system-chaincodes.js';
import { applyFilters, BroadcastError, openForChannel } from './filters.js';
import { RequestPool } from './request-pool.js';
import type { Request } from './request-pool.js';

export interface OrdererOptions {
  /** The configuration in force, after the last block. */
  readonly config: () => ChannelConfig;
  /** A quorum of the consenters of that configuration; fewer if this process doesn't have their keys. */
  readonly consenters: () => readonly BlockSigner[];
  /** Number of the block that holds that configuration. */
  readonly lastConfigBlock: () => number;
  /** The last block's header. */
  readonly lastHeader: () => common.BlockHeader;
  /** Has the peers validate and store a block. */
  readonly deliver: (block: common.Block) => Promise<void>;
  /** Told once when a block can't be stored; nothing is ordered after that. */
  readonly onFailure: (error: unknown) => void;
}

const { CONFIG, CONFIG_UPDATE, ENDORSER_TRANSACTION, ORDERER_TRANSACTION } = common.HeaderType;

export class Orderer {
  readonly #options: OrdererOptions;
  readonly #pool = new RequestPool();
  #running: Promise<void> | undefined;
  #failed = false;
  #stopped = false;

  constructor(options: OrdererOptions) {
    this.#options = options;
  }

  /**
   * Takes a message into the queue. That it was taken doesn't mean that it is or will be in a block.
   * @throws BroadcastError
   */
  broadcast(envelope: common.Envelope): void {
    if (this.#failed || this.#stopped) {
      throw new BroadcastError(Status.SERVICE_UNAVAILABLE, 'ordering service has stopped');
    }
    if (this.#options.consenters().length < bftQuorum(this.#options.config().consenters.length)) {
      throw new BroadcastError(Status.SERVICE_UNAVAILABLE, 'no quorum of consenters');
    }
    this.#pool.add(this.#accept(envelope));
    this.#running ??= this.#run();
  }

  /** Takes nothing more; what was taken is still put into blocks. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  #accept(envelope: common.Envelope): Request {
    const config = this.#options.config();
    const opened = openForChannel(envelope, config.channelId);
    const type = opened.channelHeader.getType();
    switch (type) {
      case CONFIG:
        throw new BroadcastError(Status.BAD_REQUEST, 'message is of type that cannot be processed directly');
      case ORDERER_TRANSACTION:
        throw new BroadcastError(Status.BAD_REQUEST, 'message is of type that is no longer supported');
      case CONFIG_UPDATE:
        return this.#acceptUpdate(envelope, opened, config);
      case ENDORSER_TRANSACTION:
        applyFilters(opened, config, new Date());
        return { id: requestId(opened), bytes: envelope.serializeBinary(), isConfig: false };
      default:
        // Real consenters take it, and then find every block invalid that a leader proposes with it: the channel stands
        // still until all have been restarted. Nobody learns anything from that here.
        throw new BroadcastError(
          Status.NOT_IMPLEMENTED,
          `UNIMPLEMENTED: messages of type ${headerTypeName(type)} are not supported by the embedded network`,
        );
    }
  }

  #acceptUpdate(envelope: common.Envelope, opened: OpenedEnvelope, config: ChannelConfig): Request {
    try {
      applyFilters(opened, config, new Date());
    } catch (error) {
      if (!(error instanceof BroadcastError)) throw error;
      const info = `config update for existing channel did not pass initial checks: ${error.message}`;
      throw new BroadcastError(error.status, info);
    }
    let next: common.Config;
    try {
      next = config.applyUpdate(envelope);
    } catch (error) {
      const info = `error applying config update to existing channel '${config.channelId}': ${reasonOf(error)}`;
      throw new BroadcastError(Status.BAD_REQUEST, info);
    }
    const [consenter] = this.#options.consenters();
    if (consenter === undefined) throw new BroadcastError(Status.SERVICE_UNAVAILABLE, 'no consenter');
    const message = configEnvelope(config.channelId, next, envelope, consenter.signer);
    return { id: requestId(opened), bytes: message.serializeBinary(), isConfig: true };
  }

  /** Cuts a block at once when there is something; while it is stored the next one fills. */
  async #run(): Promise<void> {
    try {
      while (this.#pool.size > 0) {
        // Lets messages that arrive in the same turn share a block.
        await new Promise((resolve) => setImmediate(resolve));
        await this.#nextBlock();
      }
    } catch (error) {
      this.#failed = true;
      this.#options.onFailure(error);
    } finally {
      this.#running = undefined;
    }
  }

  async #nextBlock(): Promise<void> {
    const { maxMessageCount, preferredMaxBytes } = this.#options.config().batchSize;
    const batch = this.#pool.next(maxMessageCount, preferredMaxBytes);
    const isConfig = batch[0]?.isConfig === true;
    const last = this.#options.lastHeader();
    const number = last.getNumber() + 1;
    const block = newBlock(
      number,
      blockHeaderHash(last),
      batch.map(({ bytes }) => bytes),
    );
    signBlock(
      block,
      { lastConfig: isConfig ? number : this.#options.lastConfigBlock() },
      this.#options.consenters(),
    );
    await this.#options.deliver(block);
    this.#pool.remove(batch);
    if (isConfig) this.#pool.prune((request) => this.#stillAllowed(request));
  }

  /** After a new configuration, what waits is judged again; an update against the old one is void. */
  #stillAllowed({ bytes, isConfig }: Request): boolean {
    if (isConfig) return false;
    try {
      const opened = openEnvelope(common.Envelope.deserializeBinary(bytes));
      applyFilters(opened, this.#options.config(), new Date());
      return true;
    } catch {
      return false;
    }
  }
}

const requestId = ({ signatureHeader }: OpenedEnvelope): string =>
  transactionId(signatureHeader.getNonce_asU8(), signatureHeader.getCreator_asU8());
