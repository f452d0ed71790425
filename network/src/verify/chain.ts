/**
 * The chain itself: each block follows from the one before, a quorum of the consenters signed it, and a configuration
 * comes into force only by an update that the one before it allows. Needs no ledger, only the blocks in order.
 */
import { common } from '@hyperledger/fabric-protos';
import { ChannelConfig, blockHeader, blockHeaderHash, isConfigBlock, verifyDataHash } from 'umlauf-channel';
import { nextConfiguration } from './configuration.js';
import { checkMetadata } from './metadata.js';
import type { Finder } from './report.js';
import { hex, reasonOf, sameBytes } from './text.js';

/** A block with its place in the chain. */
export interface ChainBlock {
  readonly block: common.Block;
  readonly number: number;
  /** In force before the block; for the genesis block the one that it brings. */
  readonly config: ChannelConfig;
  /** Brought by the block, if it is a config block that holds. */
  readonly nextConfig?: ChannelConfig;
}

export class ChainCheck {
  readonly #find: Finder;
  #next = 0;
  #lastHash: Uint8Array = new Uint8Array();
  #genesisHash: Uint8Array | undefined;
  #config: ChannelConfig | undefined;
  #configNumber = 0;
  #whole = true;

  constructor(find: Finder) {
    this.#find = find;
  }

  /** Number of the block after the last. */
  get height(): number {
    return this.#next;
  }

  /** Hash of block 0's header, which names the whole chain; undefined as long as there is none. */
  get genesisHash(): Uint8Array | undefined {
    return this.#genesisHash;
  }

  /** Hash of the last block's header. */
  get lastHash(): Uint8Array {
    return this.#lastHash;
  }

  /** In force after the last block. */
  get config(): ChannelConfig | undefined {
    return this.#config;
  }

  /** Whether no block is missing so far and all could be read: only then there is a state to judge by. */
  get isWhole(): boolean {
    return this.#whole;
  }

  /** Checks the next block. Undefined where nothing more can be said of it. */
  take(bytes: Uint8Array): ChainBlock | undefined {
    const block = this.#decode(bytes);
    const header = block?.getHeader();
    if (!block || !header) {
      this.#unreadable();
      return undefined;
    }
    const number = header.getNumber();
    this.#checkPlace(block, number);
    const config = this.#config ?? (number === 0 ? this.#genesisConfig(block) : undefined);
    this.#lastHash = blockHeaderHash(header);
    if (number === 0) this.#genesisHash ??= this.#lastHash;
    this.#next = number + 1;
    if (!config) return undefined;
    const nextConfig = this.#advance(block, number, config);
    return { block, number, config, ...(nextConfig && { nextConfig }) };
  }

  #decode(bytes: Uint8Array): common.Block | undefined {
    try {
      const block = common.Block.deserializeBinary(bytes);
      // Bytes that decoding leaves out would be covered by nothing.
      if (!sameBytes(block.serializeBinary(), bytes))
        this.#find({
          check: 'form',
          message: 'holds bytes that are not part of a block',
          block: this.#next,
        });
      return block;
    } catch {
      return undefined;
    }
  }

  #unreadable(): void {
    this.#find({ check: 'form', message: "can't be read as a block", block: this.#next });
    this.#whole = false;
    this.#next += 1;
    this.#lastHash = new Uint8Array();
  }

  #checkPlace(block: common.Block, number: number): void {
    if (number !== this.#next) {
      const missing = number > this.#next;
      this.#find({
        check: 'number',
        message: missing
          ? `${this.#next === number - 1 ? `block ${this.#next} is` : `blocks ${this.#next} to ${number - 1} are`} missing`
          : `comes again or out of order: block ${this.#next} was expected`,
        block: number,
      });
      this.#whole = false;
    }
    if (!sameBytes(blockHeader(block).getPreviousHash_asU8(), this.#lastHash))
      this.#find({
        check: 'previous-hash',
        message:
          number === 0
            ? 'is a genesis block that names a block before it'
            : 'names another block as the one before it',
        block: number,
      });
    try {
      verifyDataHash(block);
    } catch {
      this.#find({
        check: 'data-hash',
        message: 'holds other transactions than its header says',
        block: number,
      });
    }
  }

  /** Whoever verifies decides to believe the genesis block: nobody has signed it. */
  #genesisConfig(block: common.Block): ChannelConfig | undefined {
    try {
      this.#config = ChannelConfig.fromConfigBlock(block);
    } catch (error) {
      this.#find({ check: 'configuration', message: reasonOf(error), block: 0 });
      this.#whole = false;
    }
    return this.#config;
  }

  /** Checks what the consenters sign, then the configuration that the block brings. */
  #advance(block: common.Block, number: number, config: ChannelConfig): ChannelConfig | undefined {
    const isConfig = isConfigBlock(block);
    checkMetadata(block, { config, configNumber: isConfig ? number : this.#configNumber }, (found) =>
      this.#find({ ...found, block: number }),
    );
    if (number === 0) return config;
    if (!isConfig) return undefined;
    const next = nextConfiguration(block, config, (found) => this.#find({ ...found, block: number }));
    if (!next) return undefined;
    this.#config = next;
    this.#configNumber = number;
    return next;
  }
}

export const hashText = (hash: Uint8Array | undefined): string => hex(hash ?? new Uint8Array());
