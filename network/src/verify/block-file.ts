/**
 * A file of blocks, as `umlauf ledger export` writes it.
 *
 * It begins with the 16 bytes of the ASCII text `umlauf-blocks/1\n`, where 1 is the version of the format. Each block
 * follows as its length in bytes (4 bytes, unsigned, big-endian) and a serialised `common.Block` of Fabric, in the
 * order of the chain. Nothing says how many there are: whoever needs to know that none is missing at the end has to
 * know the chain's height from elsewhere.
 */
import { createReadStream } from 'node:fs';

const MAGIC = Buffer.from('umlauf-blocks/1\n', 'ascii');
const LENGTH_BYTES = 4;
/** Fabric's limit for a message, and so for a block: 100 MB. */
const LONGEST_BLOCK = 100 * 1024 * 1024;

/** A file that is no export of blocks, or a damaged one. */
export class BlockFileError extends Error {
  override readonly name = 'BlockFileError';
}

/** What a file of blocks begins with. */
export const blockFileStart = (): Uint8Array => MAGIC;

/** One block as it stands in the file. */
export function blockFileEntry(block: Uint8Array): Uint8Array {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(block.length);
  return Buffer.concat([length, block]);
}

/**
 * The serialised blocks of a file, one after the other; it is never read whole.
 * @throws BlockFileError if it isn't such a file, is cut off within a block, or can't be read
 */
export function readBlockFile(file: string): AsyncGenerator<Uint8Array, void, undefined> {
  return readBlocks(createReadStream(file), file);
}

/**
 * The serialised blocks in the bytes of such a file.
 * @param name how the source is called in errors
 */
export async function* readBlocks(
  bytes: AsyncIterable<Buffer, undefined>,
  name: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const source = new ByteSource(bytes, name);
  const start = await source.take(MAGIC.length);
  if (!MAGIC.equals(start))
    throw new BlockFileError(`${name}: is no file of blocks as "umlauf ledger export" writes it`);
  const whole = (piece: Buffer, size: number): Buffer => {
    if (piece.length < size) throw new BlockFileError(`${name}: ends within a block`);
    return piece;
  };
  for (;;) {
    const length = await source.take(LENGTH_BYTES);
    if (length.length === 0) return;
    const size = whole(length, LENGTH_BYTES).readUInt32BE();
    if (size > LONGEST_BLOCK) throw new BlockFileError(`${name}: claims to hold a block of ${size} bytes`);
    yield whole(await source.take(size), size);
  }
}

/** The blocks of several files that follow each other. */
export async function* readBlockFiles(files: readonly string[]): AsyncGenerator<Uint8Array, void, undefined> {
  for (const file of files) yield* readBlockFile(file);
}

/** Hands out a stream's bytes in pieces of the size that is asked for. */
class ByteSource {
  readonly #chunks: AsyncIterator<Buffer, undefined>;
  readonly #file: string;
  #pending: Buffer[] = [];
  #size = 0;

  constructor(stream: AsyncIterable<Buffer, undefined>, file: string) {
    this.#chunks = stream[Symbol.asyncIterator]();
    this.#file = file;
  }

  /** The next bytes: fewer than asked for only at the end. @throws BlockFileError if they can't be read */
  async take(size: number): Promise<Buffer> {
    while (this.#size < size) {
      const next = await this.#next();
      if (next.done === true) break;
      this.#pending.push(next.value);
      this.#size += next.value.length;
    }
    const all = Buffer.concat(this.#pending);
    const taken = all.subarray(0, size);
    this.#pending = [all.subarray(size)];
    this.#size = all.length - taken.length;
    return taken;
  }

  async #next(): Promise<IteratorResult<Buffer, undefined>> {
    try {
      return await this.#chunks.next();
    } catch (cause) {
      throw new BlockFileError(`${this.#file}: can't be read: ${(cause as Error).message}`, { cause });
    }
  }
}
