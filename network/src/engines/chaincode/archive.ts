/**
 * Archives that come out the same on every machine: names sorted, no times, no owners, and gzip without compression,
 * since what a compressor makes depends on its version.
 */
import { crc32 } from 'node:zlib';

export interface ArchiveEntry {
  /** At most 100 bytes of ASCII. */
  readonly name: string;
  readonly content: Uint8Array;
}

const RECORD = 512;
/** A stored block's length has 16 bits (RFC 1951, 3.2.4). */
const MAX_STORED = 0xffff;
/** Magic number, deflate, no flags, no time, no extra flags, unknown system (RFC 1952, 2.3). */
const GZIP_HEADER = Buffer.from([0x1f, 0x8b, 0x08, 0x00, 0, 0, 0, 0, 0x00, 0xff]);

/** A tar archive of regular files (POSIX ustar), gzipped. */
export function tarGz(entries: readonly ArchiveEntry[]): Uint8Array {
  return gzip(tar(entries));
}

function tar(entries: readonly ArchiveEntry[]): Uint8Array {
  const sorted = [...entries].sort((a, b) => (a.name < b.name ? -1 : 1));
  const parts = sorted.flatMap(({ name, content }) => [
    header(name, content.length),
    content,
    padding(content.length),
  ]);
  return Buffer.concat([...parts, Buffer.alloc(2 * RECORD)]);
}

function header(name: string, size: number): Uint8Array {
  if (Buffer.byteLength(name) > 100) throw new RangeError(`${name}: too long a name for an archive`);
  const record = Buffer.alloc(RECORD);
  const octal = (value: number, offset: number, length: number) =>
    record.write(`${value.toString(8).padStart(length - 1, '0')}\0`, offset, 'latin1');
  record.write(name, 0, 'latin1');
  octal(0o644, 100, 8); // mode
  octal(0, 108, 8); // owner
  octal(0, 116, 8); // group
  octal(size, 124, 12);
  octal(0, 136, 12); // time
  record.write(' '.repeat(8), 148, 'latin1'); // the checksum counts itself as blanks
  record.write('0', 156, 'latin1'); // a regular file
  record.write('ustar\x0000', 257, 'latin1');
  const sum = record.reduce((total, byte) => total + byte, 0);
  record.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return record;
}

function padding(size: number): Uint8Array {
  return Buffer.alloc((RECORD - (size % RECORD)) % RECORD);
}

function gzip(content: Uint8Array): Uint8Array {
  const blocks: Uint8Array[] = [GZIP_HEADER];
  for (let offset = 0; offset === 0 || offset < content.length; offset += MAX_STORED) {
    const block = content.subarray(offset, offset + MAX_STORED);
    const head = Buffer.alloc(5);
    head.writeUInt8(offset + MAX_STORED >= content.length ? 1 : 0, 0); // the last one?
    head.writeUInt16LE(block.length, 1);
    head.writeUInt16LE(block.length ^ 0xffff, 3);
    blocks.push(head, block);
  }
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(content), 0);
  trailer.writeUInt32LE(content.length, 4);
  return Buffer.concat([...blocks, trailer]);
}
