import { readFileSync } from 'node:fs';
import { common } from '@hyperledger/fabric-protos';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlockError, blockEnvelopes } from '../blocks/block.js';
import { decodeEnvelope, EnvelopeError } from '../blocks/envelope.js';
import { PolicyError } from '../policies/policy.js';
import { ChannelConfig } from './channel-config.js';
import { ChannelConfigError, ConfigUpdateError } from './errors.js';

const EXPECTED = [BlockError, EnvelopeError, PolicyError, ChannelConfigError, ConfigUpdateError];

function bytesOf(name: string): Uint8Array {
  return readFileSync(new URL(`../../fixtures/fabric-3.1.5/${name}.block`, import.meta.url));
}

/** Whether an action ends well or in an error of this package. */
function endsInOrder(action: () => unknown): void {
  try {
    action();
  } catch (error) {
    expect(EXPECTED.some((type) => error instanceof type)).toBe(true);
  }
}

/** Blocks whose bytes are no protobuf at all are for whoever reads them from the wire. */
function parsed(bytes: Uint8Array): common.Block | undefined {
  try {
    return common.Block.deserializeBinary(bytes);
  } catch {
    return undefined;
  }
}

const damage = fc.record({
  at: fc.nat(1_000_000),
  flip: fc.integer({ min: 1, max: 255 }),
});

function damaged(bytes: Uint8Array, { at, flip }: { at: number; flip: number }): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const index = at % copy.length;
  copy[index] = (copy[index] ?? 0) ^ flip;
  return copy;
}

describe('Damaged bytes', () => {
  const genesis = bytesOf('0-genesis');
  const second = bytesOf('1-member-added');
  const channel = ChannelConfig.fromConfigBlock(common.Block.deserializeBinary(genesis));

  it('in a config block are refused with an error of this package, or were of no importance', () => {
    fc.assert(
      fc.property(damage, (where) => {
        const block = parsed(damaged(genesis, where));
        if (block) endsInOrder(() => ChannelConfig.fromConfigBlock(block));
      }),
      { numRuns: 40 },
    );
  });

  it('in a signed block are refused with an error of this package, or were of no importance', () => {
    fc.assert(
      fc.property(damage, (where) => {
        const block = parsed(damaged(second, where));
        if (block) endsInOrder(() => channel.verifyBlockSignatures(block));
      }),
      { numRuns: 100 },
    );
  });

  it('in an update are refused with an error of this package, or were of no importance', () => {
    const { payload } = decodeEnvelope(blockEnvelopes(common.Block.deserializeBinary(second))[0]!);
    const config = common.ConfigEnvelope.deserializeBinary(payload.getData_asU8());
    const update = config.getLastUpdate()!.getPayload_asU8();
    fc.assert(
      fc.property(damage, (where) => {
        const envelope = new common.Envelope();
        envelope.setPayload(damaged(update, where));
        endsInOrder(() => channel.applyUpdate(envelope));
      }),
      { numRuns: 100 },
    );
  });
});
