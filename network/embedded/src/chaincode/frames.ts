/**
 * Messages of several streams in one piece, so that a message port carries one array instead of many: for each the
 * stream's number and the message's length (4 bytes each, big-endian), then the message. `chaincode-worker.cjs` does
 * the same on the other side.
 */
const HEADER = 8;

export interface Frame {
  readonly stream: number;
  readonly data: Uint8Array;
}

export function joinFrames(frames: readonly Frame[]): Uint8Array<ArrayBuffer> {
  const size = frames.reduce((sum, { data }) => sum + HEADER + data.length, 0);
  const joined = new Uint8Array(size);
  const view = new DataView(joined.buffer);
  let offset = 0;
  for (const { stream, data } of frames) {
    view.setUint32(offset, stream);
    view.setUint32(offset + 4, data.length);
    joined.set(data, offset + HEADER);
    offset += HEADER + data.length;
  }
  return joined;
}

export function splitFrames(joined: Uint8Array): Frame[] {
  const view = new DataView(joined.buffer, joined.byteOffset, joined.length);
  const frames: Frame[] = [];
  for (let offset = 0; offset < joined.length;) {
    const end = offset + HEADER + view.getUint32(offset + 4);
    frames.push({ stream: view.getUint32(offset), data: joined.subarray(offset + HEADER, end) });
    offset = end;
  }
  return frames;
}
