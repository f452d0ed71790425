import { pino } from 'pino';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { FakeFabric } from '../testing/fake-fabric.js';
import { Blocks } from './blocks.js';
import type { SeenBlock } from './client.js';
import { LedgerLookup } from './transactions.js';

/** The machine may be busy with other tests. */
const eventually = (check: () => void) => vi.waitFor(check, 10_000);

const block = (number: bigint, config = false): SeenBlock => ({
  number,
  transactions: [
    {
      transactionId: '',
      position: 0,
      config,
      validationCode: 0,
      timestampMs: 0,
      content: () => expect.unreachable(),
    },
  ],
});

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

async function follow(height = 5n) {
  const fabric = new FakeFabric();
  const lookup = new LedgerLookup(fabric, 'main');
  const heights = vi.spyOn(lookup, 'height').mockResolvedValue(height);
  const onConfig = vi.fn();
  const onBlock = vi.fn<(block: SeenBlock, fresh: boolean) => void>();
  const blocks = new Blocks(fabric, lookup, { onConfig, onBlock }, pino({ level: 'silent' }));
  stops.push(() => blocks.stop());
  blocks.start();
  await eventually(() => expect(fabric.blockStreams).toHaveLength(1));
  const push = (seen: SeenBlock) => fabric.blockStreams.at(-1)!.stream.push(seen);
  return { fabric, blocks, onConfig, onBlock, heights, push };
}

describe('Blocks', () => {
  it('begins with the last block, which shows that the stream works', async () => {
    const { fabric, blocks, push } = await follow(5n);
    expect(fabric.blockStreams[0]?.startBlock).toBe(4n);
    expect(blocks.connected).toBe(false);
    push(block(4n));
    await eventually(() => expect(blocks.connected).toBe(true));
    expect(blocks.last).toBe(4n);
  });

  it('lets those wait who ask for a block, until it is there', async () => {
    const { blocks, push } = await follow();
    const six = blocks.reached(6n, 5_000);
    const seven = blocks.reached(7n, 5_000);
    push(block(6n));
    await expect(six).resolves.toBe(true);
    blocks.observe(7n);
    await expect(seven).resolves.toBe(true);
    await expect(blocks.reached(3n, 0)).resolves.toBe(true);
  });

  it('tells those in time whose block does not come', async () => {
    const { blocks } = await follow();
    await expect(blocks.reached(9n, 10)).resolves.toBe(false);
  });

  it('never goes back', async () => {
    const { blocks } = await follow();
    blocks.observe(9n);
    blocks.observe(8n);
    expect(blocks.last).toBe(9n);
  });

  it('tells of config blocks', async () => {
    const { push, onConfig } = await follow();
    push(block(4n));
    push(block(5n, true));
    await eventually(() => expect(onConfig).toHaveBeenCalledWith(5n));
    expect(onConfig).toHaveBeenCalledTimes(1);
  });

  it('opens the stream again when it breaks, and reports blocks missed in between as if one were a config block', async () => {
    const { fabric, blocks, onConfig, heights, push } = await follow();
    push(block(4n));
    await eventually(() => expect(blocks.connected).toBe(true));
    heights.mockResolvedValue(8n);
    fabric.blockStreams[0]!.stream.close();
    await eventually(() => expect(fabric.blockStreams).toHaveLength(2));
    expect(blocks.connected).toBe(false);
    push(block(7n));
    await eventually(() => expect(onConfig).toHaveBeenCalledWith(7n));
    expect(blocks.last).toBe(7n);
  });

  it('is current while it has seen every block that the peer is known to have', async () => {
    const { fabric, blocks, heights, push } = await follow(5n);
    expect(blocks.current).toBe(false);
    push(block(4n));
    await eventually(() => expect(blocks.current).toBe(true));
    blocks.observe(5n);
    expect(blocks.current).toBe(false);
    push(block(5n));
    await eventually(() => expect(blocks.current).toBe(true));
    heights.mockResolvedValue(8n);
    fabric.blockStreams[0]!.stream.close();
    await eventually(() => expect(fabric.blockStreams).toHaveLength(2));
    push(block(6n));
    await eventually(() => expect(blocks.connected).toBe(true));
    expect(blocks.current).toBe(false);
    push(block(7n));
    await eventually(() => expect(blocks.current).toBe(true));
  });

  it('hands on each block once and in order, across a break', async () => {
    const { fabric, onBlock, heights, push } = await follow(5n);
    push(block(4n));
    push(block(5n));
    await eventually(() => expect(onBlock).toHaveBeenCalledTimes(2));
    heights.mockResolvedValue(9n);
    fabric.blockStreams[0]!.stream.close();
    await eventually(() => expect(fabric.blockStreams).toHaveLength(2));
    expect(fabric.blockStreams[1]!.startBlock).toBe(6n);
    for (const number of [5n, 6n, 7n]) push(block(number));
    await eventually(() => expect(onBlock).toHaveBeenCalledTimes(4));
    expect(onBlock.mock.calls.map(([{ number }, fresh]) => [number, fresh])).toEqual([
      [4n, false],
      [5n, true],
      [6n, true],
      [7n, true],
    ]);
  });

  it('stops while its stream is open and while it rests', async () => {
    const { blocks, fabric } = await follow();
    await blocks.stop();
    expect(fabric.blockStreams).toHaveLength(1);
    const away = new FakeFabric();
    const lookup = new LedgerLookup(away, 'main');
    vi.spyOn(lookup, 'height').mockRejectedValue(new Error('away'));
    const resting = new Blocks(away, lookup, {}, pino({ level: 'silent' }));
    resting.start();
    await resting.stop();
    expect(away.blockStreams).toHaveLength(0);
  });
});
