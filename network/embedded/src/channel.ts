/**
 * One channel: its ledger, its configuration in force, and what happens with a new block. Every peer of the channel
 * would do the same with it and come to the same result, so it is done once for all of this process.
 */
import { common, ledger as protos } from '@hyperledger/fabric-protos';
import { ChannelConfig, isConfigBlock } from 'umlauf-channel';
import type { TransientStore } from './endorsement/transient-store.js';
import { metaKey } from './ledger/keys.js';
import { Ledger } from './ledger/ledger.js';
import type { Store } from './store/store.js';
import { validateBlock } from './validation/block.js';
import type { ValidatedBlock } from './validation/block.js';

const COMMIT_HASH = 'commit-hash';
const CONFIG_BLOCK = 'config-block';

export class Channel {
  readonly ledger: Ledger;
  readonly #transient: TransientStore;
  #config: ChannelConfig;
  #configBlock: common.Block;
  #commitHash: Uint8Array;

  private constructor(
    ledger: Ledger,
    configBlock: common.Block,
    commitHash: Uint8Array,
    transient: TransientStore,
  ) {
    this.ledger = ledger;
    this.#config = ChannelConfig.fromConfigBlock(configBlock);
    this.#configBlock = configBlock;
    this.#commitHash = commitHash;
    this.#transient = transient;
  }

  /**
   * Opens the channel in the store, or begins it with its genesis block.
   * @throws Error if the store holds a channel that began with another block
   */
  static async open(genesis: common.Block, store: Store, transient: TransientStore): Promise<Channel> {
    const { channelId } = ChannelConfig.fromConfigBlock(genesis);
    const ledger = Ledger.open(channelId, store);
    if (ledger.height === 0) {
      // A copy: validation writes into the block's metadata.
      const first = common.Block.deserializeBinary(genesis.serializeBinary());
      const channel = new Channel(ledger, first, new Uint8Array(), transient);
      await channel.deliver(first);
      return channel;
    }
    checkSameGenesis(ledger.block(0), genesis);
    const number = ledger.record(CONFIG_BLOCK);
    const configBlock = ledger.block(number === undefined ? 0 : Buffer.from(number).readUInt32BE());
    return new Channel(
      ledger,
      configBlock ?? genesis,
      ledger.record(COMMIT_HASH) ?? new Uint8Array(),
      transient,
    );
  }

  get config(): ChannelConfig {
    return this.#config;
  }

  /** The block that holds the configuration in force. */
  get configBlock(): common.Block {
    return this.#configBlock;
  }

  get lastHeader(): common.BlockHeader {
    const header = this.ledger.block(this.ledger.height - 1)?.getHeader();
    if (header === undefined) throw new Error('the ledger is empty');
    return header;
  }

  /** Validates a block and stores it with all that follows from it. */
  async deliver(block: common.Block): Promise<void> {
    const number = block.getHeader()?.getNumber() ?? 0;
    const isConfig = isConfigBlock(block);
    const nextConfig = isConfig ? ChannelConfig.fromConfigBlock(block) : undefined;
    const { commit, commitHash } = await this.#validate(block);
    for (const [index, { id, code }] of commit.transactions.entries()) {
      if (code === 0) this.#keepPrivate(commit, id, number, index);
    }
    const extra = [{ key: metaKey(COMMIT_HASH), value: commitHash }];
    if (isConfig) {
      const value = Buffer.alloc(4);
      value.writeUInt32BE(number);
      extra.push({ key: metaKey(CONFIG_BLOCK), value });
    }
    // Readers that are woken by the block must find the configuration that it brings.
    await this.ledger.append({ ...commit, extra }, () => {
      this.#commitHash = commitHash;
      if (nextConfig === undefined) return;
      this.#config = nextConfig;
      this.#configBlock = block;
    });
  }

  async #validate(block: common.Block): Promise<ValidatedBlock> {
    const view = this.ledger.view();
    try {
      return await validateBlock(block, {
        config: this.#config,
        view,
        isKnown: (id) => this.ledger.transaction(id) !== undefined,
        previousCommitHash: this.#commitHash,
      });
    } finally {
      view.close();
    }
  }

  /** The private values behind the hashes that a valid transaction wrote, as far as this process endorsed it. */
  #keepPrivate(commit: ValidatedBlock['commit'], id: string, block: number, transaction: number): void {
    for (const entry of this.#transient.take(id)?.getNsPvtRwsetList() ?? []) {
      for (const part of entry.getCollectionPvtRwsetList()) {
        const set = protos.rwset.kvrwset.KVRWSet.deserializeBinary(part.getRwset_asU8());
        for (const write of set.getWritesList()) {
          const version = { block, transaction };
          commit.updates.setPrivate(
            entry.getNamespace(),
            part.getCollectionName(),
            write.getKey(),
            write.getIsDelete() ? { version } : { value: write.getValue_asU8(), version },
          );
        }
      }
    }
  }
}

function checkSameGenesis(stored: common.Block | undefined, given: common.Block): void {
  const hash = (block: common.Block | undefined): string =>
    Buffer.from(block?.getHeader()?.getDataHash_asU8() ?? []).toString('hex');
  if (hash(stored) !== hash(given)) {
    throw new Error('the store holds a channel that began with another genesis block');
  }
}
