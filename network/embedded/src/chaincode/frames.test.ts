import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joinFrames, splitFrames } from './frames.js';

test('frames come apart as they were put together', () => {
  const frame = fc.record({ stream: fc.nat(), data: fc.uint8Array() });
  fc.assert(
    fc.property(fc.array(frame), (frames) => {
      const split = splitFrames(joinFrames(frames));
      expect(split.map(({ stream, data }) => ({ stream, data: [...data] }))).toEqual(
        frames.map(({ stream, data }) => ({ stream, data: [...data] })),
      );
    }),
  );
});
