import { status } from '@grpc/grpc-js';
import { StatusCode } from '@hyperledger/fabric-gateway';
import type { ChaincodeEvent, CloseableAsyncIterable, Network } from '@hyperledger/fabric-gateway';
import { common, gateway } from '@hyperledger/fabric-protos';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHAINCODE, CHANNEL, deployProbe, startConsortium, userSigner } from './testing/consortium.js';
import type { Consortium } from './testing/consortium.js';
import { codeOf, failureOf, Probe, text } from './testing/contract.js';

let consortium: Consortium;
let probe: Probe;
let network: Network;

beforeAll(async () => {
  consortium = await startConsortium();
  await deployProbe(consortium);
  probe = new Probe(consortium, 1);
  network = consortium.client(2).getNetwork(CHANNEL);
});

afterAll(async () => {
  await consortium.stop();
});

/** Takes so many items and closes the stream. */
async function take<T>(stream: CloseableAsyncIterable<T>, count: number): Promise<T[]> {
  const items: T[] = [];
  try {
    for await (const item of stream) {
      items.push(item);
      if (items.length === count) break;
    }
  } finally {
    stream.close();
  }
  return items;
}

const shown = ({ eventName, payload }: ChaincodeEvent) => `${eventName} ${text(payload)}`;

describe('chaincode events', () => {
  test('arrive at every organization when their transactions commit', async () => {
    const stream = await network.getChaincodeEvents(CHAINCODE);
    const events = take(stream, 2);
    await probe.submit('emit', 'live', 'one');
    await probe.submit('put', 'between', 'no event');
    await probe.submit('emit', 'live', 'two');
    expect((await events).map(shown)).toEqual(['live one', 'live two']);
  });

  test('are replayed from a block', async () => {
    const startBlock = consortium.network.height();
    for (const payload of ['a', 'b', 'c']) await probe.submit('emit', 'replayed', payload);
    const events = await take(await network.getChaincodeEvents(CHAINCODE, { startBlock }), 3);
    expect(events.map(shown)).toEqual(['replayed a', 'replayed b', 'replayed c']);
    expect(events[0]?.blockNumber).toBe(startBlock);
  });

  test('go on after a transaction, also within its block', async () => {
    const startBlock = consortium.network.height();
    const held = await Promise.all(
      ['x', 'y', 'z'].map((payload) => probe.endorse('emit', ['after', payload])),
    );
    const submitted = await Promise.all(held.map((transaction) => transaction.submit()));
    await Promise.all(submitted.map((transaction) => transaction.getStatus()));
    const checkpoint = {
      getBlockNumber: () => startBlock,
      getTransactionId: () => submitted[0]?.getTransactionId(),
    };
    const events = await take(await network.getChaincodeEvents(CHAINCODE, { checkpoint }), 2);
    expect(events.map(shown)).toEqual(['after y', 'after z']);
  });

  test('of an invalid transaction are not told', async () => {
    const startBlock = consortium.network.height();
    const invalid = await probe.endorse('emit', ['invalid', 'x'], ['Org1MSP']);
    expect(await codeOf(invalid)).toBe(StatusCode.ENDORSEMENT_POLICY_FAILURE);
    await probe.submit('emit', 'valid', 'y');
    const events = await take(await network.getChaincodeEvents(CHAINCODE, { startBlock }), 1);
    expect(events.map(shown)).toEqual(['valid y']);
  });

  test('of a future block are waited for', async () => {
    const startBlock = consortium.network.height() + 1n;
    const events = take(await network.getChaincodeEvents(CHAINCODE, { startBlock }), 1);
    await probe.submit('emit', 'early', '1');
    await probe.submit('emit', 'future', '2');
    expect((await events).map(shown)).toEqual(['future 2']);
  });
});

describe('block events', () => {
  test('are the blocks of the ledger, from the genesis block on', async () => {
    const blocks = await take(await network.getBlockEvents({ startBlock: 0n }), 3);
    for (const [index, block] of blocks.entries()) {
      expect(block.getHeader()?.getNumber()).toBe(index);
      expect(block.serializeBinary()).toEqual(consortium.network.block(BigInt(index))?.serializeBinary());
    }
  });

  test('carry flags, last configuration and the signatures of a quorum', async () => {
    await probe.submit('put', 'signed', 'x');
    const number = consortium.network.height() - 1n;
    const [block] = await take(await network.getBlockEvents({ startBlock: number }), 1);
    const metadata = block?.getMetadata()?.getMetadataList_asU8() ?? [];
    expect([...(metadata[common.BlockMetadataIndex.TRANSACTIONS_FILTER] ?? [])]).toEqual([0]);
    const signatures = common.Metadata.deserializeBinary(metadata[common.BlockMetadataIndex.SIGNATURES]!);
    expect(signatures.getSignaturesList()).toHaveLength(3);
    const hash = common.Metadata.deserializeBinary(metadata[common.BlockMetadataIndex.COMMIT_HASH]!);
    expect(hash.getValue_asU8()).toHaveLength(32);
  });

  test('beyond the next block are not found', async () => {
    const startBlock = consortium.network.height() + 5n;
    const stream = await network.getBlockEvents({ startBlock });
    await expect(take(stream, 1)).rejects.toThrow(/status.*404|404/);
  });

  test('filtered show ids, codes and names of events but no contents', async () => {
    const startBlock = consortium.network.height();
    await probe.submit('emit', 'named', 'secret');
    const [block] = await take(await network.getFilteredBlockEvents({ startBlock }), 1);
    expect(block?.getChannelId()).toBe(CHANNEL);
    const [transaction] = block?.getFilteredTransactionsList() ?? [];
    expect(transaction?.getTxid()).toMatch(/^[0-9a-f]{64}$/);
    expect(transaction?.getTxValidationCode()).toBe(StatusCode.VALID);
    const [action] = transaction?.getTransactionActions()?.getChaincodeActionsList() ?? [];
    expect(action?.getChaincodeEvent()?.getEventName()).toBe('named');
    expect(action?.getChaincodeEvent()?.getPayload_asU8()).toHaveLength(0);
  });

  test('with private data are not supported, and say so', async () => {
    const stream = await network.getBlockAndPrivateDataEvents({ startBlock: 0n });
    expect(await failureOf(take(stream, 1))).toMatchObject({
      code: status.UNIMPLEMENTED,
      message: 'DeliverWithPrivateData is not supported by the embedded network',
    });
  });
});

test('the commit status of an id that never commits is waited for until the deadline', async () => {
  const request = new gateway.CommitStatusRequest();
  request.setChannelId(CHANNEL);
  request.setTransactionId('00'.repeat(32));
  request.setIdentity(userSigner(consortium.members[0]!).identity);
  const signed = new gateway.SignedCommitStatusRequest();
  signed.setRequest(request.serializeBinary());
  const commit = consortium.client(1).newCommit(signed.serializeBinary());
  const failure = await failureOf(commit.getStatus({ deadline: Date.now() + 300 }));
  expect(failure).toMatchObject({ name: 'CommitStatusError', code: status.DEADLINE_EXCEEDED });
});
