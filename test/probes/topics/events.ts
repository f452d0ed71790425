/** Chaincode events and blocks: order, replay, and what ends them. */
import type { ChaincodeEvent, CloseableAsyncIterable } from '@hyperledger/fabric-gateway';
import { common, peer } from '@hyperledger/fabric-protos';
import {
  blockDataHash,
  blockEnvelopes,
  blockHeaderHash,
  decodeEnvelope,
  lastConfigIndex,
} from 'umlauf-channel';
import type { ClientOptions } from '../client.js';
import { failure, outcome } from '../failure.js';
import type { Json } from '../json.js';
import { CHAINCODE } from '../networks/network.js';
import type { Topic } from '../probe.js';
import { codeName, text, type Committed, type Stage } from '../stage.js';

/** Takes so many items and closes the stream. */
async function take<T>(opened: Promise<CloseableAsyncIterable<T>>, count: number): Promise<T[]> {
  const stream = await opened;
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

/** What a stream told until it ended, and how it ended. */
async function untilEnd<T>(
  opened: Promise<CloseableAsyncIterable<T>>,
  tell: (item: T) => Json,
): Promise<Json> {
  const told: Json[] = [];
  const end = await outcome(
    (async () => {
      for await (const item of await opened) told.push(tell(item));
      return 'end of the stream';
    })(),
  );
  return { told, end };
}

const shown = ({ eventName, payload }: Pick<ChaincodeEvent, 'eventName' | 'payload'>): string =>
  `${eventName}: ${text(payload)}`;

const emit = (stage: Stage, name: string, payload: string, endorsers?: number[]): Promise<Committed> =>
  stage.submit('emit', [name, payload], endorsers ? { endorsers } : {});

/** Several transactions in one block, each with an event. */
const emitTogether = (stage: Stage, names: readonly string[]): Promise<Committed[]> =>
  stage.releaseTogether(async () => {
    const held = [];
    for (const name of names) held.push(await stage.hold('emit', [name, 'x']));
    return held;
  });

const follow = (
  stage: Stage,
  startBlock: bigint,
  options: { by?: number; afterTransactionId?: string } = {},
) => {
  const { by = 1, afterTransactionId } = options;
  const checkpoint = {
    getBlockNumber: () => startBlock,
    getTransactionId: () => afterTransactionId,
  };
  return stage.network(by).getChaincodeEvents(CHAINCODE, { checkpoint });
};

const unknownChannel = (stage: Stage) => stage.clients.gateway(1).getNetwork('elsewhere');

const forging = (stage: Stage): ClientOptions => {
  const honest = stage.clients.user(1);
  return { signer: { ...honest, sign: () => honest.sign(Buffer.from('something else')) } };
};

export const events: Topic = {
  'events: in the order of the blocks': async (stage) => {
    const { block } = await emit(stage, 'first', 'one');
    await stage.submit('put', ['between-events', 'x']);
    await emit(stage, 'second', 'zwei ü');
    const told = await take(follow(stage, block), 2);
    return told.map(({ chaincodeName, ...event }) => [chaincodeName, shown(event)]);
  },
  'events: in the order of a block': async (stage) => {
    const [first] = await emitTogether(stage, ['a', 'b']);
    return (await take(follow(stage, first!.block), 2)).map(shown);
  },
  'events: at another organization': async (stage) => {
    const { block, transactionId } = await emit(stage, 'elsewhere', 'x');
    const [event] = await take(follow(stage, block, { by: 3 }), 1);
    return {
      event: shown(event!),
      id: event!.transactionId === transactionId,
      block: event!.blockNumber === block,
    };
  },
  'events: live': async (stage) => {
    const stream = await stage.network(2).getChaincodeEvents(CHAINCODE, {
      startBlock: BigInt(await stage.height(2)),
    });
    const told = take(Promise.resolve(stream), 2);
    await emit(stage, 'live', '1');
    await emit(stage, 'live', '2');
    return (await told).map(shown);
  },
  'events: from a block that is still to come': async (stage) => {
    const startBlock = BigInt((await stage.height()) + 1);
    const told = take(follow(stage, startBlock), 1);
    await emit(stage, 'too-early', '1');
    await emit(stage, 'awaited', '2');
    return (await told).map(shown);
  },
  'events: after a transaction, within its block': async (stage) => {
    const [first] = await emitTogether(stage, ['before', 'after']);
    const { block, transactionId } = first!;
    return (await take(follow(stage, block, { afterTransactionId: transactionId }), 1)).map(shown);
  },
  'events: after the last transaction of a block': async (stage) => {
    const { block, transactionId } = await emit(stage, 'last', 'x');
    await emit(stage, 'next', 'y');
    return (await take(follow(stage, block, { afterTransactionId: transactionId }), 1)).map(shown);
  },
  'events: after a transaction, from a later block': async (stage) => {
    const { transactionId } = await emit(stage, 'checkpoint', 'x');
    await emit(stage, 'skipped', 'y');
    const { block } = await emit(stage, 'from-here', 'z');
    return (await take(follow(stage, block, { afterTransactionId: transactionId }), 1)).map(shown);
  },
  'events: after an unknown transaction': async (stage) => {
    const { block } = await emit(stage, 'unknown-checkpoint', 'x');
    const quick = stage.network(1, { deadline: 300 });
    const checkpoint = { getBlockNumber: () => block, getTransactionId: () => '00'.repeat(32) };
    return untilEnd(quick.getChaincodeEvents(CHAINCODE, { checkpoint }), shown);
  },
  'events: only the last of a transaction': async (stage) => {
    const { block } = await stage.submit('emitTwice', ['one', 'two']);
    await emit(stage, 'behind', 'x');
    return (await take(follow(stage, block), 2)).map(shown);
  },
  'events: none of an invalid transaction': async (stage) => {
    const { block, code } = await emit(stage, 'invalid', 'x', [1]);
    await emit(stage, 'valid', 'y');
    return [code, ...(await take(follow(stage, block), 1)).map(shown)];
  },
  'events: without a name': (stage) => outcome(emit(stage, '', 'x').then(({ code }) => code)),
  'events: without a payload': async (stage) => {
    const { block } = await emit(stage, 'empty', '');
    return (await take(follow(stage, block), 1)).map(shown);
  },
  'events: of an unknown chaincode': async (stage) =>
    untilEnd(stage.network(1, { deadline: 300 }).getChaincodeEvents('absent', { startBlock: 0n }), shown),
  'events: of an unknown channel': async (stage) =>
    untilEnd(unknownChannel(stage).getChaincodeEvents(CHAINCODE), shown),
  'events: with a forged signature': async (stage) =>
    untilEnd(stage.network(1, forging(stage)).getChaincodeEvents(CHAINCODE), shown),
  'blocks: from the first on': async (stage) => {
    const blocks = await take(stage.network().getBlockEvents({ startBlock: 0n }), 3);
    return blocks.map((block, index) => ({
      number: block.getHeader()!.getNumber(),
      types: blockEnvelopes(block).map((envelope) => decodeEnvelope(envelope).channelHeader.getType()),
      data: equal(block.getHeader()!.getDataHash_asU8(), blockDataHash(blockEnvelopes(block))),
      chained:
        index === 0 ||
        equal(block.getHeader()!.getPreviousHash_asU8(), blockHeaderHash(blocks[index - 1]!.getHeader()!)),
    }));
  },
  'blocks: what their metadata hold': async (stage) => {
    const { block } = await stage.submit('put', ['metadata-key', 'x']);
    const [told] = await take(stage.network().getBlockEvents({ startBlock: block }), 1);
    const metadata = told!.getMetadata()!.getMetadataList_asU8();
    const index = common.BlockMetadataIndex;
    const signatures = common.Metadata.deserializeBinary(metadata[index.SIGNATURES]!);
    const hash = common.Metadata.deserializeBinary(metadata[index.COMMIT_HASH]!);
    return {
      entries: metadata.length,
      codes: [...metadata[index.TRANSACTIONS_FILTER]!],
      lastConfig: lastConfigIndex(told!),
      commitHash: hash.getValue_asU8().length,
      identifiers: signatures
        .getSignaturesList()
        .map((signature) => signature.getSignatureHeader_asU8().length),
      lastConfigEntry: metadata[index.LAST_CONFIG]!.length > 0,
    };
  },
  'blocks: the same at every organization': async (stage) => {
    const { block } = await stage.submit('put', ['same-block', 'x']);
    const told = await Promise.all(
      [1, 2, 3, 4].map((number) => take(stage.network(number).getBlockEvents({ startBlock: block }), 1)),
    );
    const [first] = told[0]!;
    const data = (read: common.Block) => Buffer.from(read.getData()!.serializeBinary());
    return told.map(([read]) => ({
      header: equal(read!.getHeader()!.serializeBinary(), first!.getHeader()!.serializeBinary()),
      data: equal(data(read!), data(first!)),
      codes: equal(codesOf(read!), codesOf(first!)),
      commitHash: equal(metadataOf(read!, 4), metadataOf(first!, 4)),
    }));
  },
  'blocks: of the next one': async (stage) => {
    const told = take(stage.network().getBlockEvents({ startBlock: BigInt(await stage.height()) }), 1);
    const { block } = await stage.submit('put', ['next-block', 'x']);
    return BigInt((await told)[0]!.getHeader()!.getNumber()) === block;
  },
  'blocks: beyond the next one': async (stage) =>
    failureText(take(stage.network().getBlockEvents({ startBlock: BigInt((await stage.height()) + 5) }), 1)),
  'blocks: of an unknown channel': (stage) =>
    failureText(take(unknownChannel(stage).getBlockEvents({ startBlock: 0n }), 1)),
  'blocks: with a forged signature': (stage) =>
    failureText(take(stage.network(1, forging(stage)).getBlockEvents({ startBlock: 0n }), 1)),
  'blocks: filtered': async (stage) => {
    const { block, transactionId } = await emit(stage, 'filtered', 'secret');
    await stage.submit('put', ['filtered-invalid', 'x'], { endorsers: [1] });
    const told = await take(stage.network().getFilteredBlockEvents({ startBlock: block }), 2);
    return told.map((filtered) => described(filtered, transactionId));
  },
  'blocks: filtered, the genesis block': async (stage) => {
    const [told] = await take(stage.network().getFilteredBlockEvents({ startBlock: 0n }), 1);
    return described(told!, '');
  },
  'blocks: filtered, beyond the next one': async (stage) => {
    const startBlock = BigInt((await stage.height()) + 5);
    return failureText(take(stage.network().getFilteredBlockEvents({ startBlock }), 1));
  },
  'blocks: with private data': async (stage) => {
    const { block } = await stage.submit('put', ['private-data', 'x']);
    return outcome(
      take(stage.network().getBlockAndPrivateDataEvents({ startBlock: block }), 1).then(([told]) => ({
        block: BigInt(told!.getBlock()!.getHeader()!.getNumber()) === block,
        private: told!.getPrivateDataMapMap().getLength(),
      })),
    );
  },
};

function described(filtered: peer.FilteredBlock, known: string): Json {
  return {
    channel: filtered.getChannelId(),
    transactions: filtered.getFilteredTransactionsList().map((transaction) => ({
      known: transaction.getTxid() === known,
      type: transaction.getType(),
      code: codeName(transaction.getTxValidationCode()),
      events: (transaction.getTransactionActions()?.getChaincodeActionsList() ?? []).map((action) => {
        const event = action.getChaincodeEvent();
        return `${event?.getChaincodeId() ?? ''} ${event?.getEventName() ?? ''} ${text(event?.getPayload_asU8() ?? new Uint8Array())}`;
      }),
    })),
  };
}

/** The client library makes an error of its own from the status that ends a stream of blocks. */
async function failureText(call: Promise<unknown>): Promise<Json> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return failure(Promise.reject(error));
    return String(error);
  }
  return 'succeeded';
}

const metadataOf = (block: common.Block, index: number): Uint8Array =>
  block.getMetadata()!.getMetadataList_asU8()[index]!;

const codesOf = (block: common.Block): Uint8Array =>
  metadataOf(block, common.BlockMetadataIndex.TRANSACTIONS_FILTER);

const equal = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;
